"""What can be done with a stack, by its status."""

from typing import get_args

import pytest
from types_boto3_cloudformation.literals import StackStatusType

from battleshiper.infra.aws.operation.stacks.states import Next, next_for

NEXT = {
    Next.CREATE: {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"},
    Next.DELETE: {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"},
    Next.GO_BACK: {"UPDATE_ROLLBACK_FAILED"},
    Next.DESTROY: {"DELETE_FAILED"},
}


@pytest.mark.parametrize("status", get_args(StackStatusType))
def test_every_status(status) -> None:
    """Every status that CloudFormation has leads somewhere: what goes on is followed, what rests is updated."""
    named = next((each for each, statuses in NEXT.items() if status in statuses), None)
    assert next_for(status) is (named or (Next.FOLLOW if status.endswith("_IN_PROGRESS") else Next.UPDATE))


def test_no_stack() -> None:
    """Where there is none, one is made."""
    assert next_for(None) is Next.CREATE
