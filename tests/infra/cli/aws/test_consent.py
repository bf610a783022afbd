"""Whether the operator wants it."""

from pathlib import Path

import pytest

from battleshiper.infra.aws.operation.stacks.change_sets import Proposal
from battleshiper.infra.aws.operation.stacks.changes import Effect, ResourceChange
from battleshiper.infra.aws.operation.stacks.manifest import Asset, PlannedStack
from battleshiper.infra.cli.aws.consent import Consent
from battleshiper.infra.cli.failure import CommandError

ASSET = Asset(Path("t"), False, "bucket", "t", "eu-central-1")
QUEUE = ResourceChange("Queue", "AWS::SQS::Queue", Effect.CHANGED)
TABLE = ResourceChange("Table", "AWS::DynamoDB::Table", Effect.REPLACED)


def proposal(name: str, *changes: ResourceChange, is_new: bool = False, waits: bool = True) -> Proposal:
    """Return what would be done to a stack."""
    stack = PlannedStack(name, "eu-central-1", ASSET.path, ASSET, "https://t", "arn:role", {}, (ASSET,))
    return Proposal(stack, changes, "arn:change-set" if waits else "", "arn:stack", is_new)


@pytest.fixture
def asked() -> list[str]:
    """What the operator was asked."""
    return []


def test_what_is_there_is_asked_about_each_time(asked) -> None:
    """A yes to one stack is none to a change of another."""
    consent = Consent(asked.append, given=False, replace_data=False)
    consent.require(proposal("One", QUEUE))
    consent.require(proposal("Two", QUEUE))
    assert asked == ["Deploy One?", "Deploy Two?"]


def test_what_is_new_after_a_yes_is_not(asked) -> None:
    """A first deployment asks one question, though it makes two stacks."""
    consent = Consent(asked.append, given=False, replace_data=False)
    consent.require(proposal("Certificates", is_new=True))
    consent.require(proposal("Platform", is_new=True))
    assert asked == ["Deploy Certificates?"]


def test_what_does_nothing_is_no_yes(asked) -> None:
    """A stack without changes is not asked about, and agrees to nothing."""
    consent = Consent(asked.append, given=False, replace_data=False)
    consent.require(proposal("Certificates", waits=False))
    consent.require(proposal("Platform", is_new=True))
    assert asked == ["Deploy Platform?"]


def test_a_no_ends_it() -> None:
    """What the question raises goes on."""

    def refuse(question: str) -> None:
        raise CommandError("Nothing was changed.")

    with pytest.raises(CommandError):
        Consent(refuse, given=False, replace_data=False).require(proposal("One", QUEUE))


def test_data_is_another_matter(asked) -> None:
    """Neither --yes nor an answer says that data may be lost; only the option does, which still asks."""
    with pytest.raises(CommandError, match="Table \\(Table\\) is replaced"):
        Consent(asked.append, given=True, replace_data=False).require(proposal("One", TABLE))
    Consent(asked.append, given=False, replace_data=True).require(proposal("One", TABLE))
    assert asked == ["Deploy One?"]
