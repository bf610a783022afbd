"""How changes and progress look, on a terminal and elsewhere."""

import re
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from battleshiper.infra.aws.operation.stacks.change_sets import Proposal
from battleshiper.infra.aws.operation.stacks.changes import Effect, ResourceChange
from battleshiper.infra.aws.operation.stacks.events import Event
from battleshiper.infra.aws.operation.stacks.manifest import Asset, PlannedStack
from battleshiper.infra.cli.aws.changes import danger_of, proposals_json, show_proposals
from battleshiper.infra.cli.aws.consent import Consent
from battleshiper.infra.cli.aws.operator import Operator
from battleshiper.infra.cli.aws.outputs import show_outputs
from battleshiper.infra.cli.aws.progress import ProgressLines

ASSET = Asset(Path("t"), False, "bucket", "t", "eu-central-1")
STACK = PlannedStack("Battleshiper", "eu-central-1", ASSET.path, ASSET, "https://t", "arn:role", {}, (ASSET,))


def shown(*changes: ResourceChange, is_new: bool = False, change_set: str = "arn:change-set") -> list[str]:
    """Return the lines that are printed."""
    out = Console(file=StringIO(), width=200)
    show_proposals(out, [Proposal(STACK, changes, change_set, "", is_new)])
    return out.file.getvalue().splitlines()


def test_changes_by_kind() -> None:
    """What is added comes first and what is removed last, then who may do what, then what data is in danger."""
    changes = (
        ResourceChange("Old", "AWS::SQS::Queue", Effect.REMOVED),
        ResourceChange("Table", "AWS::DynamoDB::Table", Effect.REPLACED, ("KeySchema",), stays=False),
        ResourceChange("Role", "AWS::IAM::Role", Effect.CHANGED, ("Policies", "Tags")),
        ResourceChange("New", "AWS::SQS::Queue", Effect.ADDED),
    )
    assert shown(*changes) == [
        "Battleshiper in eu-central-1: 1 added, 1 changed, 1 replaced, 1 removed",
        "  + New (AWS::SQS::Queue)",
        "  ~ Role (AWS::IAM::Role) through Policies, Tags",
        "  ± Table (AWS::DynamoDB::Table) is replaced through KeySchema",
        "  - Old (AWS::SQS::Queue)",
        "Who may do what changes with 1 resource:",
        "  ~ Role (AWS::IAM::Role) through Policies, Tags",
        " DATA  Table (Table) is replaced; what is in it is deleted with it. The platform begins with an empty one.",
    ]


def test_a_new_stack_by_its_types() -> None:
    """Hundreds of names that are all new say less than how many there are of each type."""
    queues = [ResourceChange(f"Queue{number}", "AWS::SQS::Queue", Effect.ADDED) for number in range(12)]
    assert shown(*queues, is_new=True) == [
        "Battleshiper in eu-central-1: new, with 12 resources",
        "  +  12 AWS::SQS::Queue",
    ]


def test_nothing_and_almost_nothing() -> None:
    """A stack that stays as it is, and one whose outputs change alone, say so."""
    assert shown(change_set="") == ["Battleshiper in eu-central-1: no changes"]
    assert shown() == ["Battleshiper in eu-central-1: only outputs change"]


@pytest.mark.parametrize(
    ("stays", "fate"), [(True, "stays in the account"), (False, "is deleted with it"), (None, "may be lost")]
)
def test_what_becomes_of_data(stays, fate) -> None:
    """The sentence says no more than is known."""
    assert fate in danger_of(ResourceChange("Sites", "AWS::S3::Bucket", Effect.REMOVED, stays=stays))


def test_json() -> None:
    """Everything that is shown is in the JSON."""
    change = ResourceChange("Table", "AWS::DynamoDB::Table", Effect.REPLACED, ("KeySchema",))
    ((said,),) = (each["changes"] for each in proposals_json([Proposal(STACK, (change,), "arn")]))
    assert said == {
        "resource": "Table",
        "type": "AWS::DynamoDB::Table",
        "effect": "replaced",
        "properties": ("KeySchema",),
        "endangers_data": True,
        "concerns_security": False,
    }


EVENTS = (
    ("Battleshiper", "UPDATE_IN_PROGRESS", 0, ""),
    ("Site", "UPDATE_IN_PROGRESS", 1, ""),
    ("Site", "UPDATE_COMPLETE", 42, ""),
    ("Queue", "CREATE_IN_PROGRESS", 43, ""),
    ("Queue", "CREATE_FAILED", 44, "[quota] met"),
    ("Battleshiper", "UPDATE_ROLLBACK_IN_PROGRESS", 45, "failed"),
    ("Battleshiper", "UPDATE_ROLLBACK_COMPLETE", 59, ""),
)


def progress(out: Console) -> str:
    """Return what is shown of a change that fails."""
    lines = ProgressLines(out)
    lines.begin("Battleshiper", 2)
    for name, status, second, reason in EVENTS:
        at = datetime(2026, 5, 4, 12, 0, second, tzinfo=UTC)
        lines.see(Event(f"{second}", at, name, "AWS::Test::It", "", status, reason, name == "Battleshiper"))
    lines.end()
    return out.file.getvalue()


def test_plain_lines() -> None:
    """Where nobody watches there is a line for each resource that is done with, and reasons stand as they are."""
    assert progress(Console(file=StringIO(), width=200)).splitlines()[:-1] == [
        "  Battleshiper: UPDATE_IN_PROGRESS",
        "  1/2 UPDATE_COMPLETE Site (AWS::Test::It) 41 s",
        "  1/2 CREATE_FAILED Queue (AWS::Test::It) 1 s: [quota] met",
        "  Battleshiper: UPDATE_ROLLBACK_IN_PROGRESS: failed",
    ]


def test_a_line_that_lives() -> None:
    """On a terminal the last line names what is worked on, and is gone at the end."""
    said = progress(Console(file=StringIO(), width=200, force_terminal=True, color_system=None))
    assert "\x1b[?25l" in said  # the cursor is hidden while the line lives
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l")
    assert "1/2 CREATE_FAILED Queue" in said


def test_seconds_run_while_nothing_happens() -> None:
    """The line names the resource that is worked on, and for how long, whenever it is drawn."""
    out = Console(file=StringIO(), width=200, force_terminal=True, color_system=None)
    lines = ProgressLines(out)
    lines.begin("Battleshiper", 2)
    ago = datetime.now(UTC) - timedelta(seconds=90)
    lines.see(Event("1", ago, "Site", "AWS::CloudFront::Distribution", "", "CREATE_IN_PROGRESS", "", False))
    time.sleep(0.3)
    lines.end()
    assert re.search(r"0/2 Site AWS::CloudFront::Distribution 9[0-9] s", out.file.getvalue())


def test_what_may_be_copied_is_printed_as_it_is() -> None:
    """A record stays on one line on the narrowest terminal, and nothing in it is taken for markup."""
    out = Console(file=StringIO(), width=20, force_terminal=True, color_system=None, emoji=True)
    record = "_a.[red]ship.example.org  CNAME  _b.:secret:.acm-validations.aws and [/] more of it \\[0]"
    Operator(out, Consent(lambda question: None, given=True, replace_data=False)).tell(record)
    show_outputs(out, {"PlatformRecord": record})
    assert out.file.getvalue().splitlines() == [f"  {record}", f"  PlatformRecord           {record}"]
