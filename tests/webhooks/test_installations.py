"""What follows when the App is installed, changed or taken away."""

import json
from typing import Any

import pytest

from battleshiper.platform.model.access import Grant
from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.project import Installation, Standing
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.router import Router

ACTIONS = ("created", "unsuspend", "new_permissions_accepted")
SUSPENDED = {
    "id": 99,
    "account": {"id": 1, "login": "octocat", "type": "Organization"},
    "updated_at": "2021-04-28T22:32:50.000-04:00",
    "suspended_at": "2021-04-29T02:32:50Z",
}


@pytest.fixture
def plan(known: Any, mint: Any) -> Any:
    """Plan what follows from an event."""

    def follow(name: str, text: bytes) -> Plan:
        return Router(None, mint).read(VerifiedEvent("1", name, None, text))(known)

    return follow


@pytest.mark.parametrize("action", ACTIONS)
def test_an_installation_becomes_projects(plan: Any, hub: Any, mint: Any, action: str) -> None:
    """The installation is remembered, and each repository becomes a project with a first deployment."""
    made = plan("installation", hub.installation(action, [(7, "octocat/shop"), (8, "octocat/www")]))
    assert made.installations == [Installation(99, 1, "octocat")]
    shop, www = made.projects
    assert (shop.repository_id, shop.repository, shop.installation_id, shop.account_id) == (7, "octocat/shop", 99, 1)
    assert shop.names[0] == "shop"
    assert www.names[0] == "www-octocat"
    assert made.grants == [Grant(7, 99, is_given=True, told_at=0), Grant(8, 99, is_given=True, told_at=0)]
    for project, event, number in zip(made.projects, made.events[:2], (7, 8), strict=True):
        assert event.type is EventType.INIT
        assert event.detail["installation"] == "99"
        assert event.detail["repository"] == str(number)
        assert event.detail["project"] == project.id
    grants = [TicketGrant(Step.INIT, Requester.WEBHOOK, 583231, project.id) for project in made.projects]
    assert mint.grants[:2] == grants
    assert [decision.verdict for decision in made.decisions[:2]] == [Verdict.INITIALISE] * 2
    assert made.action == action


@pytest.mark.parametrize("repositories", [None, []])
def test_an_installation_without_repositories(plan: Any, hub: Any, repositories: Any) -> None:
    """A payload that lists none is remembered, and takes nothing away."""
    made = plan("installation", hub.installation("created", repositories))
    assert (len(made.installations), made.projects, made.grants, made.events) == (1, [], [], [])
    assert [decision.verdict for decision in made.decisions] == [Verdict.IGNORE]


@pytest.mark.parametrize(("action", "standing"), [("deleted", Standing.GONE), ("suspend", Standing.SUSPENDED)])
def test_an_installation_that_ends(plan: Any, hub: Any, action: str, standing: Standing) -> None:
    """It is known as one that may not act, and all of its projects are to follow; no repository is taken from it."""
    made = plan("installation", hub.installation(action, [(7, "octocat/shop")], installation=SUSPENDED))
    assert made.installations == [Installation(99, 1, "octocat", standing, 1_619_663_570)]
    assert (made.projects, made.grants) == ([], [])
    (event,) = made.events
    assert (event.type, event.detail["installation"], event.detail["project"]) == (EventType.INIT, "99", "")
    assert "repository" not in event.detail
    assert event.detail["back"] == "no"
    assert [decision.verdict for decision in made.decisions] == [Verdict.FOLLOW]


@pytest.mark.parametrize("action", ["unsuspend", "new_permissions_accepted"])
def test_an_installation_that_is_back(plan: Any, hub: Any, action: str) -> None:
    """All of its projects follow, whether the payload lists repositories or not."""
    made = plan("installation", hub.installation(action, installation=SUSPENDED | {"suspended_at": None}))
    assert made.installations == [Installation(99, 1, "octocat", Standing.ACTIVE, 1_619_663_570)]
    assert [(event.detail["project"], event.detail["back"]) for event in made.events] == [("", "yes")]


def test_an_unknown_change_of_an_installation(plan: Any, hub: Any) -> None:
    """It is recorded, and nothing else."""
    made = plan("installation", hub.installation("something_new", [(7, "octocat/shop")]))
    assert (made.installations, made.projects, made.grants, made.events) == ([], [], [], [])
    assert [decision.verdict for decision in made.decisions] == [Verdict.IGNORE]


def test_a_repository_listed_twice_is_one(plan: Any, hub: Any) -> None:
    """GitHub's number makes a repository, not how often or under which name it is listed."""
    made = plan("installation", hub.installation("created", [(7, "octocat/shop"), (7, "octocat/shop-2")]))
    assert [project.repository for project in made.projects] == ["octocat/shop-2"]


def test_repositories_added_later(plan: Any, hub: Any) -> None:
    """They become projects like those of the beginning."""
    added = [{"id": 7, "full_name": "octocat/shop", "private": True}]
    made = plan("installation_repositories", hub.installation("added", repositories_added=added))
    assert made.installations == [Installation(99, 1, "octocat")]
    assert [project.repository_id for project in made.projects] == [7]
    assert [event.type for event in made.events] == [EventType.INIT]


def test_repositories_removed(plan: Any, hub: Any) -> None:
    """They are noted as taken away, and the init step is asked to look at each; nothing is created."""
    removed = [{"id": 7, "full_name": "octocat/shop"}, {"id": 8, "full_name": "octocat/blog"}]
    made = plan("installation_repositories", hub.installation("removed", repositories_removed=removed))
    assert (made.installations, made.projects) == ([Installation(99, 1, "octocat")], [])
    assert made.grants == [Grant(7, 99, is_given=False, told_at=0), Grant(8, 99, is_given=False, told_at=0)]
    assert [event.detail["repository"] for event in made.events] == ["7", "8"]
    assert ["octocat/shop" in made.decisions[0].reason, "octocat/blog" in made.decisions[1].reason] == [True, True]


def test_a_change_of_no_repository(plan: Any, hub: Any) -> None:
    """An empty change is decided too."""
    made = plan("installation_repositories", hub.installation("removed"))
    assert [decision.verdict for decision in made.decisions] == [Verdict.IGNORE]


def test_ping(plan: Any) -> None:
    """GitHub's first word is answered and recorded, with nothing to do."""
    made = plan("ping", b'{"zen": "Keep it logically awesome.", "hook_id": 1}')
    assert [decision.verdict for decision in made.decisions] == [Verdict.IGNORE]


@pytest.mark.parametrize("name", ["check_run", "star", "something_new"])
def test_events_that_nothing_is_done_on(plan: Any, name: str) -> None:
    """They are recorded with their action and repository."""
    payload = {"action": "created", "repository": {"full_name": "octocat/shop"}}
    made = plan(name, json.dumps(payload).encode())
    assert (made.action, made.repository) == ("created", "octocat/shop")
    assert made.decisions[0].reason == f"Nothing is done on {name}."


def test_deliveries_for_another_app(known: Any, mint: Any, hub: Any) -> None:
    """Two Apps may share a secret; what is for the other one is recorded and left alone."""
    text = hub.installation("created", [(7, "octocat/shop")])
    router = Router(4711, mint)
    other = router.read(VerifiedEvent("1", "installation", "12", text))(known)
    assert (other.installations, other.projects) == ([], [])
    assert "another App (12)" in other.decisions[0].reason
    assert other.action == "created"
    for app in ("4711", None):
        ours = router.read(VerifiedEvent("1", "installation", app, text))(known)
        assert len(ours.projects) == 1
