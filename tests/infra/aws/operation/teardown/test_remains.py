"""What stays when a stack is gone."""

import pytest

from battleshiper.infra.aws.operation.teardown.remains import WORDS, Remain, kept_by


def test_what_a_template_keeps() -> None:
    """CloudFormation keeps what its policy says, and deletes what has none."""
    policies = {"A": "Retain", "B": "RetainExceptOnCreate", "C": "Delete", "D": None}
    resources = {name: {"Type": "T", **({"DeletionPolicy": each} if each else {})} for name, each in policies.items()}
    assert kept_by({"Resources": resources}) == {"A", "B"}


@pytest.mark.parametrize("kind", WORDS)
def test_how_it_is_deleted_by_hand(kind) -> None:
    """Everything that may stay has a word for it and commands that name it and its region."""
    remain = Remain(kind, "it", "eu-central-1")
    assert not remain.word.startswith("AWS::")
    assert remain.commands[-1].startswith("aws ")
    assert all("it" in command and command.endswith("--region eu-central-1") for command in remain.commands)


def test_what_nobody_knows() -> None:
    """Something else that stays is named by its type."""
    assert Remain("AWS::New::Thing", "it", "eu-central-1").word == "AWS::New::Thing"
    assert Remain("AWS::New::Thing", "it", "eu-central-1").commands == ()
