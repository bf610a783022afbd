"""Stacks taken out of an account."""

from datetime import UTC, datetime

import pytest
from aws.fake_cloudformation import CREATED, ID, FakeClients, FakeCloudFormation, Watching

from battleshiper.infra.aws.operation.stacks.failure import StackError
from battleshiper.infra.aws.operation.stacks.stack import Stack
from battleshiper.infra.aws.operation.teardown.destruction import Destruction
from battleshiper.infra.aws.operation.teardown.remains import BUCKET, Remain
from battleshiper.infra.aws.operation.teardown.survey import StandingStack

DELETED = [("stack", "DELETE_IN_PROGRESS"), ("Table", "DELETE_SKIPPED"), ("stack", "DELETE_COMPLETE")]


class FakeBuckets:
    """S3, which remembers what buckets were looked through."""

    def __init__(self) -> None:
        self.emptied = []

    def get_paginator(self, operation):
        return self

    def paginate(self, Bucket):  # noqa: N803
        self.emptied.append(Bucket)
        return []


class Stage:
    """A stack that is to go, and what it is played with."""

    def __init__(self, status: str, past) -> None:
        self.cloudformation = FakeCloudFormation(status, past=past)
        self.buckets = FakeBuckets()
        clients = FakeClients(cloudformation=self.cloudformation, s3=self.buckets)
        self._destruction = Destruction(lambda region: clients, Watching(), self.cloudformation.pause)
        goes, stays = (Remain(BUCKET, name, "eu-central-1") for name in ("assets", "sites"))
        stack = Stack(ID, status, datetime(2026, 5, 4, tzinfo=UTC))
        self._standing = StandingStack("Battleshiper", "eu-central-1", stack, (goes,), (stays,), 2)

    def destroy(self) -> None:
        self._destruction.delete(self._standing)


def test_a_stack_goes() -> None:
    """The buckets that go with it are emptied before, and no others: CloudFormation deletes empty ones alone."""
    stage = Stage("CREATE_COMPLETE", CREATED)
    stage.cloudformation.leads_to["delete_stack"] = DELETED
    stage.destroy()
    assert set(stage.buckets.emptied) == {"assets"}
    assert stage.cloudformation.calls == [("delete_stack", {"StackName": ID})]


def test_a_removal_that_fails() -> None:
    """The error names the resource that could not be deleted."""
    stage = Stage("CREATE_COMPLETE", CREATED)
    stage.cloudformation.leads_to["delete_stack"] = [
        ("stack", "DELETE_IN_PROGRESS"),
        ("Router", "DELETE_FAILED", "Lambda was unable to delete it"),
        ("stack", "DELETE_FAILED"),
    ]
    with pytest.raises(StackError, match=r"Router .* Lambda was unable"):
        stage.destroy()


def test_a_removal_that_failed_is_tried_again() -> None:
    """A stack that could not be deleted is deleted again."""
    stage = Stage("DELETE_FAILED", [*CREATED, ("stack", "DELETE_FAILED")])
    stage.cloudformation.leads_to["delete_stack"] = DELETED
    stage.destroy()
    assert stage.cloudformation.called() == ["delete_stack"]


def test_a_removal_that_goes_on_is_followed() -> None:
    """Nothing is asked for twice."""
    stage = Stage("DELETE_IN_PROGRESS", [*CREATED, DELETED[0]])
    stage.cloudformation.goes_on(*DELETED[1:])
    stage.destroy()
    assert stage.cloudformation.called() == []


def test_an_update_that_goes_on_is_waited_for() -> None:
    """CloudFormation does one thing after the other; how the update ends does not matter."""
    stage = Stage("UPDATE_IN_PROGRESS", [*CREATED, ("stack", "UPDATE_IN_PROGRESS")])
    stage.cloudformation.goes_on(("Queue", "UPDATE_FAILED", "no"), ("stack", "UPDATE_ROLLBACK_COMPLETE"))
    stage.cloudformation.leads_to["delete_stack"] = DELETED
    stage.destroy()
    assert stage.cloudformation.called() == ["delete_stack"]
