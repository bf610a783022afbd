"""What follows when a repository is changed."""

import json
from typing import Any

import pytest

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.project import Access
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.router import Router

AT = 1_557_933_641


def payload(action: str, *, installation: int | None = 99, **changes: Any) -> bytes:
    """Return what GitHub sends, by its documentation."""
    repository = {
        "id": 1296269,
        "name": "Hello-World",
        "full_name": "octocat/Hello-World",
        "private": False,
        "owner": {"login": "octocat", "id": 1, "type": "User"},
        "archived": False,
        "default_branch": "main",
        "updated_at": "2019-05-15T15:20:41Z",
    }
    told: dict[str, Any] = {
        "action": action,
        "repository": repository | changes,
        "sender": {"login": "octocat", "id": 583231},
    }
    if installation is not None:
        told["installation"] = {"id": installation, "node_id": "MDIzOk"}
    return json.dumps(told).encode()


@pytest.fixture
def plan(known: Any, mint: Any) -> Any:
    """Plan what follows."""

    def follow(text: bytes) -> Plan:
        return Router(None, mint).read(VerifiedEvent("1", "repository", None, text))(known)

    return follow


@pytest.mark.parametrize(
    ("action", "changes", "facts"),
    [
        ("renamed", {"full_name": "octocat/hi"}, ("octocat/hi", "main", False, False)),
        ("edited", {"default_branch": "trunk"}, ("octocat/Hello-World", "trunk", False, False)),
        ("archived", {"archived": True}, ("octocat/Hello-World", "main", True, False)),
        ("unarchived", {}, ("octocat/Hello-World", "main", False, False)),
        ("privatized", {"private": True}, ("octocat/Hello-World", "main", False, False)),
        ("publicized", {}, ("octocat/Hello-World", "main", False, False)),
        ("deleted", {}, ("octocat/Hello-World", "main", False, True)),
        ("renamed", {"default_branch": None}, ("octocat/Hello-World", None, False, False)),
    ],
)
def test_projects_follow(plan: Any, known: Any, make_project: Any, action: str, changes: Any, facts: Any) -> None:
    """What GitHub tells is kept, and the init step asked to look, once for all projects of the repository."""
    known.projects = [make_project("p1"), make_project("p2", root="docs")]
    made = plan(payload(action, **changes))
    assert made.repositories == [RepositoryFacts(1296269, *facts, told_at=AT)]
    (event,) = made.events
    assert event.type is EventType.INIT
    assert [event.detail[name] for name in ("project", "repository", "installation")] == ["p1", "1296269", "99"]
    assert [each.project_id for each in made.decisions] == ["p1", "p2"]
    assert {each.verdict for each in made.decisions} == {Verdict.FOLLOW}
    assert all(each.reason for each in made.decisions)
    assert made.grants == []


def test_a_transferred_repository(plan: Any, known: Any, make_project: Any) -> None:
    """It is the installation's that GitHub tells of it."""
    known.projects = [make_project()]
    made = plan(payload("transferred", installation=77, full_name="acme/Hello-World"))
    assert made.grants == [Grant(1296269, 77, is_given=True, told_at=AT)]
    assert made.events[0].detail["installation"] == "77"


def test_a_change_that_names_no_installation(plan: Any, known: Any, make_project: Any) -> None:
    """The project's own is asked."""
    known.projects = [make_project()]
    made = plan(payload("transferred", installation=None))
    assert made.grants == []
    assert made.events[0].detail["installation"] == "99"


def test_a_repository_without_a_project(plan: Any) -> None:
    """What is told of it is kept for the project that may come, and nobody is asked."""
    made = plan(payload("renamed"))
    assert len(made.repositories) == 1
    assert (made.events, [each.verdict for each in made.decisions]) == ([], [Verdict.IGNORE])


@pytest.mark.parametrize("action", ["created", "something_new"])
def test_changes_that_nothing_is_done_on(plan: Any, known: Any, make_project: Any, action: str) -> None:
    """They are recorded."""
    known.projects = [make_project()]
    made = plan(payload(action))
    assert (made.repositories, made.events) == ([], [])
    assert [each.verdict for each in made.decisions] == [Verdict.IGNORE]


def test_a_push_to_what_may_not_be_built(known: Any, mint: Any, hub: Any, make_project: Any) -> None:
    """It is not built, and the init step is asked whether that is still so: GitHub tells of what the App may see."""
    known.projects = [make_project(access=Access.SUSPENDED)]
    made = Router(None, mint).read(VerifiedEvent("1", "push", None, hub.push()))(known)
    assert made.deployments == []
    assert [event.type for event in made.events] == [EventType.INIT]
    (decision,) = made.decisions
    assert (decision.verdict, decision.project_id) == (Verdict.IGNORE, "p1")
    assert decision.reason.startswith("The App is suspended on octocat.")
