"""What follows from a pull request."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.deployment import Environment, Origin, State
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.model.settings import PreviewPolicy, ProjectSettings
from battleshiper.platform.store.port import Rival
from battleshiper.webhooks.fields import fields_of
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.pull_request import PullChange, PullRequests
from battleshiper.webhooks.refusal import MalformedError

OLD, HEAD, NEXT = "a" * 40, "b" * 40, "c" * 40
AT = 1_700_000_100
FORK = 9_000_001
OUTSIDE = "refs/pull/7/head"


class Desk:
    """A store, a mint and the handler between them."""

    def __init__(self, known: Any, mint: Any, hub: Any) -> None:
        self.known = known
        self.mint = mint
        self.hub = hub

    def plan(self, action: str = "opened", **pull: Any) -> Plan:
        """Plan what follows from a pull request."""
        return PullRequests(self.mint).plan(PullChange.read(fields_of(self.hub.pull(action, **pull))), self.known)

    def deployed(self, number: int, sha: str, *, branch: str = "next", at: int = AT - 50, **more: Any) -> None:
        """Let a commit of a branch have a deployment."""
        rival = Rival(f"d{number}", sha, None, at, Origin.PUSH, **more)
        self.known.earlier.insert(0, (("p1", branch), rival))


@pytest.fixture
def desk(known: Any, mint: Any, hub: Any, make_project: Callable[..., Project]) -> Desk:
    """A desk with one project."""
    known.projects.append(make_project())
    return Desk(known, mint, hub)


def test_a_project_without_previews_says_so_on_the_commit(desk: Desk, make_project: Callable[..., Project]) -> None:
    """A check that is required must not wait for ever; one whose previews need a pull request has one now."""
    desk.known.projects[:] = [make_project(settings=ProjectSettings(previews=PreviewPolicy.NONE))]
    plan = desk.plan()
    (deployment,) = plan.deployments
    assert (deployment.state, deployment.reason) == (State.SKIPPED, "Skipped: the project has no previews")
    desk.known.projects[:] = [make_project(settings=ProjectSettings(previews=PreviewPolicy.PULL_REQUESTS))]
    assert [each.state for each in desk.plan().deployments] == [State.QUEUED]


def verdicts(plan: Plan) -> list[Verdict]:
    """Return the verdicts of a plan."""
    return [decision.verdict for decision in plan.decisions]


def kinds(plan: Plan) -> list[EventType]:
    """Return the types of a plan's events."""
    return [event.type for event in plan.events]


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize", "ready_for_review"])
def test_a_commit_that_no_push_told_of_is_built(desk: Desk, action: str) -> None:
    """As when its branch was there before the App was."""
    plan = desk.plan(action)
    (deployment,) = plan.deployments
    assert (deployment.origin, deployment.environment) == (Origin.PULL_REQUEST, Environment.PREVIEW)
    assert deployment.state is State.QUEUED
    assert (deployment.commit.sha, deployment.commit.branch, deployment.commit.pushed_at) == (HEAD, "next", AT)
    assert (deployment.commit.message, deployment.commit.author) == ("Say hello", "octocat")
    assert verdicts(plan) == [Verdict.BUILD]
    assert EventType.BUILD in kinds(plan)
    assert plan.pulls == [PullRequest(desk.hub.repository_id, 7, "next", HEAD, True, AT)]
    assert kinds(plan)[0] is EventType.PULL_CHANGED


@pytest.mark.parametrize("action", ["opened", "synchronize", "ready_for_review"])
@pytest.mark.parametrize("state", [{}, {"is_skipped": True}, {"is_gone": True}])
def test_a_commit_that_was_pushed_is_not_built_twice(desk: Desk, action: str, state: dict[str, bool]) -> None:
    """Whatever has become of it: the push has had its say."""
    desk.deployed(1, HEAD, **state)
    plan = desk.plan(action)
    assert plan.deployments == []
    assert [(each.verdict, each.deployment_id) for each in plan.decisions] == [(Verdict.IGNORE, "d1")]
    assert plan.pulls


def test_what_was_pushed_since_stays(desk: Desk) -> None:
    """A late event builds nothing old over what is new."""
    desk.deployed(1, NEXT, at=AT + 1)
    plan = desk.plan()
    assert plan.deployments == []
    assert "ccccccc was pushed to next since" in plan.decisions[0].reason


def test_the_production_branch_is_left_to_its_pushes(desk: Desk) -> None:
    """A pull request from it makes no preview of it, and takes none away."""
    assert desk.plan(branch="main").deployments == []
    desk.deployed(1, HEAD, branch="main")
    plan = desk.plan("closed", branch="main")
    assert (plan.retirements, verdicts(plan)) == ([], [Verdict.IGNORE])


@pytest.mark.parametrize(("merged", "word"), [(True, "merged"), (False, "closed")])
def test_its_end_retires_the_preview(desk: Desk, merged: bool, word: str) -> None:
    """The branch is noted as retired, and the settle step asked to look at it."""
    desk.deployed(1, HEAD)
    plan = desk.plan("closed", merged=merged)
    assert plan.retirements == [Retirement(desk.hub.repository_id, "next", f"Pull request #7 was {word}.", AT)]
    assert verdicts(plan) == [Verdict.RETIRE]
    (settle,) = [event for event in plan.events if event.type is EventType.SETTLE]
    assert (settle.detail["project"], settle.detail["branch"]) == ("p1", "next")
    assert not plan.pulls[0].is_open


def test_nothing_deployed_is_nothing_to_settle(desk: Desk) -> None:
    """But the end is noted, for a push that comes late."""
    plan = desk.plan("closed")
    assert (len(plan.retirements), verdicts(plan)) == (1, [Verdict.IGNORE])
    assert EventType.SETTLE not in kinds(plan)


def test_a_branch_that_was_pushed_to_since_goes_on(desk: Desk) -> None:
    """A late end retires nothing that is newer than it."""
    desk.deployed(1, HEAD, at=AT + 1)
    assert desk.plan("closed").retirements == []


def test_another_open_pull_request_keeps_the_preview(desk: Desk) -> None:
    """Two pull requests of one branch share its preview."""
    desk.deployed(1, HEAD)
    desk.known.pulls = [PullRequest(desk.hub.repository_id, 8, "next", HEAD, True, AT)]
    plan = desk.plan("closed")
    assert plan.retirements == []
    assert "#8 still shows" in plan.decisions[0].reason


def test_reopening_brings_it_back(desk: Desk) -> None:
    """Nothing is built where what was retired is still there."""
    desk.deployed(1, HEAD)
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "Pull request #7 was closed.", AT - 10)]
    plan = desk.plan("reopened")
    assert plan.deployments == []
    assert plan.brought_back == [(desk.hub.repository_id, "next")]
    assert EventType.SETTLE in kinds(plan)
    assert "returns deployment d1" in plan.decisions[0].reason


def test_reopening_builds_what_is_gone(desk: Desk) -> None:
    """What was canceled by the end, or has expired since, is built again."""
    desk.deployed(1, HEAD, is_gone=True)
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "Pull request #7 was closed.", AT - 10)]
    assert desk.plan("reopened").deployments[0].state is State.QUEUED


def test_a_branch_that_was_retired_since_stays_so(desk: Desk) -> None:
    """A late event brings nothing back."""
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "The branch was deleted.", AT + 1)]
    plan = desk.plan()
    assert (plan.brought_back, plan.deployments) == ([], [])


@pytest.mark.parametrize(
    ("known_at", "is_open", "action", "counts"),
    [
        (AT + 1, True, "closed", False),
        (AT + 1, False, "reopened", False),
        (AT, False, "synchronize", False),
        (AT, False, "reopened", True),
        (AT, True, "closed", True),
        (AT - 1, False, "reopened", True),
    ],
)
def test_the_latest_word_counts(desk: Desk, known_at: int, is_open: bool, action: str, counts: bool) -> None:
    """GitHub's clock tells which event is older; within a second an end comes last, but for a new beginning."""
    desk.known.pulls = [PullRequest(desk.hub.repository_id, 7, "next", HEAD, is_open, known_at)]
    assert bool(desk.plan(action).pulls) is counts


@pytest.mark.parametrize("head", [FORK, None])
def test_what_comes_from_outside_waits(desk: Desk, head: int | None) -> None:
    """It is kept apart from the repository's own branch of the same name, and nothing is built."""
    desk.deployed(1, HEAD, branch="main")
    plan = desk.plan(branch="main", head=head)
    (deployment,) = plan.deployments
    assert (deployment.state, deployment.reason) == (
        State.AWAITING_APPROVAL,
        "Waiting for a maintainer: comment /deploy",
    )
    assert (deployment.commit.branch, deployment.commit.sha, deployment.commit.is_outside) == (OUTSIDE, HEAD, True)
    assert (deployment.environment, verdicts(plan)) == (Environment.PREVIEW, [Verdict.WAIT])
    assert EventType.BUILD not in kinds(plan)


def test_a_newer_commit_from_outside_needs_a_new_leave(desk: Desk) -> None:
    """The settle step is asked to end what waited for the older one."""
    desk.deployed(1, OLD, branch=OUTSIDE)
    plan = desk.plan("synchronize", head=FORK)
    assert plan.deployments[0].state is State.AWAITING_APPROVAL
    assert EventType.SETTLE in kinds(plan)
    assert desk.plan("synchronize", head=FORK, sha=OLD).deployments == []


@pytest.mark.parametrize("action", ["labeled", "edited", "assigned", "converted_to_draft", "anything"])
def test_other_changes_are_recorded(desk: Desk, action: str) -> None:
    """They change nothing."""
    plan = desk.plan(action)
    assert (plan.pulls, plan.events, verdicts(plan)) == ([], [], [Verdict.IGNORE])


def test_repositories_without_a_project_are_left_alone(desk: Desk) -> None:
    """Nothing is kept of their pull requests."""
    desk.known.projects.clear()
    assert (desk.plan().pulls, desk.plan().events) == ([], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"head": {"ref": "next", "sha": "nonsense", "repo": None}},
        {"head": None},
        {"state": None},
        {"updated_at": "yesterday"},
        {"title": 7},
    ],
)
def test_malformed_payloads_are_refused(desk: Desk, changes: dict[str, Any]) -> None:
    """The error names the field."""
    payload = json.loads(desk.hub.pull())
    payload["pull_request"] |= changes
    with pytest.raises(MalformedError, match="pull_request"):
        PullChange.read(fields_of(json.dumps(payload).encode()))
