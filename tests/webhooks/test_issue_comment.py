"""What follows from a comment."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from battleshiper.platform.model.command import Command
from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.requests import CommandRequest, read_command_request
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant
from battleshiper.webhooks.fields import fields_of
from battleshiper.webhooks.issue_comment import CommentChange, IssueComments
from battleshiper.webhooks.plan import Plan


class Desk:
    """A store, a mint and the handler between them."""

    def __init__(self, known: Any, mint: Any, hub: Any) -> None:
        self.known = known
        self.mint = mint
        self.hub = hub

    def plan(self, body: str | None = "/deploy abc1234", action: str = "created", **changes: Any) -> Plan:
        """Plan what follows from a comment."""
        payload: dict[str, Any] = {
            "action": action,
            "issue": {"number": 7, "pull_request": {"url": "https://api.example/pulls/7"}, **changes.pop("issue", {})},
            "comment": {
                "id": 5,
                "body": body,
                "created_at": "2026-01-02T03:04:05Z",
                "author_association": "OWNER",
                "performed_via_github_app": None,
                "user": {"id": 583231, "login": "octocat", "type": "User", **changes.pop("user", {})},
                **changes,
            },
            "repository": {"id": self.hub.repository_id, "full_name": self.hub.repository},
            "sender": {"id": 583231, "login": "octocat"},
        }
        change = CommentChange.read(fields_of(json.dumps(payload).encode()))
        return IssueComments(self.mint).plan(change, self.known)


@pytest.fixture
def desk(known: Any, mint: Any, hub: Any, make_project: Callable[..., Project]) -> Desk:
    """A desk with two projects of one repository."""
    known.projects += [make_project("p1"), make_project("p2", root="docs")]
    return Desk(known, mint, hub)


def test_a_command_is_passed_on(desk: Desk) -> None:
    """Once for all projects, with a ticket for one of them, and who asks by number."""
    plan = desk.plan()
    (event,), (decision,) = plan.events, plan.decisions
    assert (event.type, decision.verdict) == (EventType.COMMAND, Verdict.COMMAND)
    assert read_command_request(event) == CommandRequest(
        "p1", desk.hub.repository_id, 7, 5, 1767323045, 583231, "octocat", Command.DEPLOY, "abc1234"
    )
    assert desk.mint.grants == [TicketGrant(Step.COMMAND, Requester.WEBHOOK, 583231, "p1")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"action": "edited"}, "Only new comments"),
        ({"action": "deleted"}, "Only new comments"),
        ({"issue": {"pull_request": None}}, "this is an issue"),
        ({"user": {"type": "Bot"}}, "not written by a person"),
        ({"performed_via_github_app": {"id": 1}}, "not written by a person"),
        ({"body": "Nice work!"}, "no command"),
        ({"body": None}, "no command"),
    ],
)
def test_what_is_no_command_of_a_person(desk: Desk, changes: dict[str, Any], reason: str) -> None:
    """It is recorded, and that is all."""
    plan = desk.plan(**changes)
    assert plan.events == []
    assert [decision.verdict for decision in plan.decisions] == [Verdict.IGNORE]
    assert reason in plan.decisions[0].reason


def test_a_repository_without_projects(desk: Desk) -> None:
    """Its comments are none of ours."""
    desk.known.projects.clear()
    assert desk.plan().events == []
