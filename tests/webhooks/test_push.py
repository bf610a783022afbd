"""What follows from a push."""

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
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant
from battleshiper.webhooks.fields import fields_of
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.push import Push, Pushes
from battleshiper.webhooks.refusal import MalformedError

OLD, BASE, HEAD, NEXT = "0" * 39 + "1", "a" * 40, "b" * 40, "c" * 40


class Desk:
    """A store, a mint and the handler between them."""

    def __init__(self, known: Any, mint: Any, hub: Any) -> None:
        self.known = known
        self.mint = mint
        self.hub = hub

    def plan(self, **push: Any) -> Plan:
        """Plan what follows from a push."""
        return Pushes(self.mint).plan(Push.read(fields_of(self.hub.push(**push))), self.known)


def earlier(
    number: int,
    sha: str,
    *,
    parent: str | None = None,
    pushed_at: int = 0,
    origin: Origin = Origin.PUSH,
    branch: str = "main",
) -> tuple[tuple[str, str], Rival]:
    """Return an earlier deployment of project p1."""
    return ("p1", branch), Rival(f"d{number}", sha, parent, pushed_at, origin)


@pytest.fixture
def desk(known: Any, mint: Any, hub: Any, make_project: Callable[..., Project]) -> Desk:
    """A desk with one project."""
    known.projects.append(make_project())
    return Desk(known, mint, hub)


def test_a_push_is_built(desk: Desk) -> None:
    """The pushed commit becomes a queued deployment, and its build is asked for with both tickets."""
    plan = desk.plan()
    (deployment,), (event,), (decision,) = plan.deployments, plan.events, plan.decisions
    assert (deployment.project_id, deployment.state, deployment.origin) == ("p1", State.QUEUED, Origin.PUSH)
    commit = deployment.commit
    assert (commit.sha, commit.branch, commit.parent_sha) == (HEAD, "main", BASE)
    assert (commit.message, commit.author, commit.pushed_at) == ("Say hello", "Mona", 1_700_000_000)
    assert event.type is EventType.BUILD
    assert event.detail == {
        "project": "p1",
        "deployment": deployment.id,
        "ticket": "ticket-build-1",
        "deploy_ticket": "ticket-deploy-2",
    }
    assert (decision.verdict, decision.project_id, decision.deployment_id) == (Verdict.BUILD, "p1", deployment.id)
    assert plan.repository == "octocat/Hello-World"


def test_tickets_name_who_pushed(desk: Desk) -> None:
    """Each ticket is for one step of this deployment, on behalf of the pusher."""
    plan = desk.plan()
    deployment_id = plan.deployments[0].id
    assert desk.mint.grants == [
        TicketGrant(step, Requester.WEBHOOK, 583231, "p1", deployment_id) for step in (Step.BUILD, Step.DEPLOY)
    ]


def test_after_is_built_and_not_the_head_commit(desk: Desk) -> None:
    """What counts is the commit that the branch points to after the push."""
    plan = desk.plan(after=NEXT, head_commit={"id": HEAD, "message": "another"})
    assert plan.deployments[0].commit.sha == NEXT


@pytest.mark.parametrize(
    "changes", [{"forced": True}, {"commits": []}, {"head_commit": None}, {"before": "0" * 40, "created": True}]
)
def test_every_kind_of_branch_push_is_built(desk: Desk, changes: dict[str, Any]) -> None:
    """Force pushes, pushes without commits and new branches are pushes."""
    assert [decision.verdict for decision in desk.plan(**changes).decisions] == [Verdict.BUILD]


def test_a_new_branch_has_no_parent(desk: Desk) -> None:
    """Zeros are not a commit."""
    assert desk.plan(before="0" * 40).deployments[0].commit.parent_sha is None


def test_commits_of_sha256_repositories(desk: Desk) -> None:
    """Longer object names are names as well, in a deletion too."""
    assert desk.plan(after="d" * 64, before="e" * 64).deployments[0].commit.sha == "d" * 64
    assert desk.plan(after="0" * 64).deployments == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ref": "refs/tags/v1"}, "Only branches"),
        ({"ref": "refs/notes/commits"}, "Only branches"),
        ({"ref": "refs/heads/a..b"}, "GitHub takes no"),
        ({"ref": "refs/heads/refs/pull/7/head"}, "GitHub takes no"),
        ({"ref": "refs/heads/" + "x" * 2000}, "GitHub takes no"),
        ({"repository": {"id": 5}}, "No project"),
    ],
)
def test_what_is_recorded_and_not_built(desk: Desk, changes: dict[str, Any], reason: str) -> None:
    """Tags, deletions, impossible names and unknown repositories are decided with a reason."""
    plan = desk.plan(**changes)
    assert (plan.deployments, plan.events) == ([], [])
    assert [decision.verdict for decision in plan.decisions] == [Verdict.IGNORE]
    assert reason in plan.decisions[0].reason


@pytest.mark.parametrize(
    ("production", "branch", "expected"),
    [
        ("main", "main", Environment.PRODUCTION),
        ("main", "feature", Environment.PREVIEW),
        ("live", "main", Environment.PREVIEW),
        ("live", "live", Environment.PRODUCTION),
        ("main", "Main", Environment.PREVIEW),
        (None, "main", Environment.PRODUCTION),
        (None, "feature", Environment.PREVIEW),
    ],
)
def test_environments(
    desk: Desk, make_project: Callable[..., Project], production: str | None, branch: str, expected: Environment
) -> None:
    """The production branch is production; before it is known, GitHub's default branch is."""
    desk.known.projects[:] = [make_project(production_branch=production)]
    assert desk.plan(branch=branch).deployments[0].environment is expected


def test_projects_are_decided_independently(desk: Desk, make_project: Callable[..., Project]) -> None:
    """A damaged project is recorded as such and the others are built."""
    desk.known.projects[:] = [make_project("p1"), make_project("p2", root="docs"), make_project("p3", root="shop")]
    desk.known.broken.add("p2")
    plan = desk.plan()
    assert [(d.project_id, d.verdict) for d in plan.decisions] == [
        ("p1", Verdict.BUILD),
        ("p2", Verdict.IGNORE),
        ("p3", Verdict.BUILD),
    ]
    assert "failed to decide" in plan.decisions[1].reason
    assert [deployment.project_id for deployment in plan.deployments] == ["p1", "p3"]
    assert len({deployment.id for deployment in plan.deployments}) == 2
    assert len(plan.events) == 2


def test_a_push_that_fails_for_every_project_is_not_taken(desk: Desk) -> None:
    """Nothing is recorded when nothing could be decided, so that GitHub's redelivery finds it undone."""
    desk.known.broken.add("p1")
    with pytest.raises(RuntimeError, match="damaged"):
        desk.plan()


def test_a_mint_that_fails_leaves_no_half_of_a_deployment(desk: Desk, make_project: Callable[..., Project]) -> None:
    """A deployment without the event that builds it would wait for ever."""
    desk.known.projects.append(make_project("p2", root="docs"))
    calls = 0

    def mint(grant: TicketGrant) -> str:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("no key")
        return "ticket"

    desk.mint = mint
    plan = desk.plan()
    assert [deployment.project_id for deployment in plan.deployments] == ["p2"]
    assert [event.detail["project"] for event in plan.events] == ["p2"]


def test_an_older_push_that_arrives_late(desk: Desk) -> None:
    """It is recorded as superseded by the newer one, and not built."""
    desk.known.earlier = [earlier(1, NEXT, parent=HEAD, pushed_at=1_700_000_050)]
    plan = desk.plan()
    assert plan.events == []
    assert plan.deployments[0].state is State.SUPERSEDED
    assert plan.deployments[0].reason == plan.decisions[0].reason == "Superseded by ccccccc, a newer push to main."
    assert plan.decisions[0].verdict is Verdict.SKIP
    assert plan.decisions[0].deployment_id == plan.deployments[0].id


def test_pushes_of_other_branches_are_no_rivals(desk: Desk) -> None:
    """Order matters within a branch only."""
    desk.known.earlier = [earlier(1, NEXT, parent=HEAD, pushed_at=1_800_000_000, branch="feature")]
    assert desk.plan().deployments[0].state is State.QUEUED


def test_the_next_push(desk: Desk) -> None:
    """A push on top of an earlier one is built."""
    desk.known.earlier = [earlier(1, BASE, parent=OLD, pushed_at=1_600_000_000)]
    assert desk.plan().deployments[0].state is State.QUEUED


def test_without_a_time_the_parent_tells(desk: Desk) -> None:
    """A deployment that started from this commit came after it."""
    desk.known.earlier = [earlier(1, NEXT, parent=HEAD)]
    assert desk.plan(repository={"pushed_at": None}).deployments[0].state is State.SUPERSEDED


def test_a_branch_set_back_is_built(desk: Desk) -> None:
    """Forcing a branch back to an earlier commit is a newer push, though the other one started from there."""
    desk.known.earlier = [earlier(1, NEXT, parent=HEAD, pushed_at=1_600_000_000)]
    assert desk.plan(before=NEXT, after=HEAD, forced=True).deployments[0].state is State.QUEUED


def test_forth_and_back_within_a_second(desk: Desk) -> None:
    """Where the times are equal and each push started from the other, the order of arrival counts."""
    desk.known.earlier = [earlier(1, NEXT, parent=HEAD, pushed_at=1_700_000_000)]
    assert desk.plan(before=NEXT, after=HEAD, forced=True).deployments[0].state is State.QUEUED


def test_the_same_push_under_another_delivery_id(desk: Desk) -> None:
    """The webhook of an organisation may tell of a push that the App's told of already."""
    desk.known.earlier = [earlier(1, HEAD, parent=BASE, pushed_at=1_700_000_000)]
    plan = desk.plan()
    assert plan.deployments == []
    assert "deployment d1 already" in plan.decisions[0].reason


def test_the_same_commit_pushed_again_later(desk: Desk) -> None:
    """A branch that left a commit and came back is built again."""
    desk.known.earlier = [earlier(1, HEAD, parent=BASE, pushed_at=1_600_000_000)]
    assert desk.plan().deployments[0].state is State.QUEUED


def test_the_first_deployment_was_of_this_commit(desk: Desk) -> None:
    """The push that the project began with is not built twice."""
    desk.known.earlier = [earlier(1, HEAD, origin=Origin.INITIAL)]
    plan = desk.plan()
    assert plan.deployments == []
    assert [decision.verdict for decision in plan.decisions] == [Verdict.IGNORE]
    assert "built as deployment d1" in plan.decisions[0].reason


def test_a_late_push_of_the_first_commit_keeps_its_status(desk: Desk) -> None:
    """Superseding the commit of the first deployment would replace the success that GitHub shows for it."""
    desk.known.earlier = [
        earlier(2, NEXT, parent=HEAD, pushed_at=1_700_000_050),
        earlier(1, HEAD, origin=Origin.INITIAL),
    ]
    assert desk.plan().deployments == []


def test_setting_back_to_the_first_commit_is_built(desk: Desk) -> None:
    """The first commit is built again when another one was live in between."""
    desk.known.earlier = [
        earlier(2, NEXT, parent=HEAD, pushed_at=1_600_000_000),
        earlier(1, HEAD, origin=Origin.INITIAL),
    ]
    assert desk.plan(before=NEXT, after=HEAD).deployments[0].state is State.QUEUED


def test_a_redeployment_of_the_commit_is_no_first_deployment(desk: Desk) -> None:
    """Only the first deployment stands for a push."""
    desk.known.earlier = [earlier(1, HEAD, origin=Origin.REDEPLOY)]
    assert desk.plan().deployments[0].state is State.QUEUED


@pytest.mark.parametrize("pushed_at", ["2023-11-14T22:13:20Z", 1_700_000_000])
def test_both_ways_github_writes_the_time(desk: Desk, pushed_at: object) -> None:
    """GitHub's schema allows seconds and text."""
    assert desk.plan(repository={"pushed_at": pushed_at}).deployments[0].commit.pushed_at == 1_700_000_000


def test_long_messages_are_cut(desk: Desk) -> None:
    """A message of megabytes does not fill the store."""
    head = {"message": "x" * 1_000_000, "author": {"name": "y" * 1_000_000}}
    commit = desk.plan(head_commit=head).deployments[0].commit
    assert (len(commit.message), len(commit.author)) == (2_000, 200)


@pytest.mark.parametrize(
    "changes",
    [
        {"ref": 5},
        {"after": "B" * 40},
        {"after": "b" * 41},
        {"after": "$(id)"},
        {"after": "b" * 40 + "\n"},
        {"before": None},
        {"repository": {"full_name": "a/b/c"}},
        {"repository": {"id": "1"}},
    ],
)
def test_payloads_that_are_not_a_push(desk: Desk, changes: dict[str, Any]) -> None:
    """What is used must be what GitHub documents."""
    with pytest.raises(MalformedError):
        desk.plan(**changes)


def test_a_deleted_branch_is_retired(desk: Desk) -> None:
    """The branch is noted as retired, and the settle step asked to look at it."""
    desk.known.earlier = [earlier(1, HEAD, branch="next")]
    plan = desk.plan(branch="next", after="0" * 40)
    reason = "The branch was deleted."
    assert plan.retirements == [Retirement(desk.hub.repository_id, "next", reason, 1_700_000_000)]
    assert [(each.verdict, each.project_id) for each in plan.decisions] == [(Verdict.RETIRE, "p1")]
    assert [event.type for event in plan.events] == [EventType.SETTLE]


@pytest.mark.parametrize(
    ("branch", "pushed_at", "reason"),
    [("main", 0, "its site stays"), ("next", 1_700_000_001, "pushed to again")],
)
def test_what_a_deletion_leaves_alone(desk: Desk, branch: str, pushed_at: int, reason: str) -> None:
    """Production, and a branch that is there again."""
    desk.known.earlier = [earlier(1, HEAD, branch=each, pushed_at=pushed_at) for each in ("main", "next")]
    plan = desk.plan(branch=branch, after="0" * 40)
    assert (plan.retirements, plan.events) == ([], [])
    assert reason in plan.decisions[0].reason


def test_a_push_brings_its_branch_back(desk: Desk) -> None:
    """Once, whatever number of projects it has."""
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "The branch was deleted.", 1_600_000_000)]
    plan = desk.plan(branch="next")
    assert plan.brought_back == [(desk.hub.repository_id, "next")]
    assert plan.deployments[0].state is State.QUEUED


def test_a_push_before_the_end_is_not_built(desk: Desk) -> None:
    """It arrives late: the commit's status ends with the reason."""
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "The branch was deleted.", 1_700_000_001)]
    plan = desk.plan(branch="next")
    assert (plan.brought_back, plan.events) == ([], [])
    (deployment,) = plan.deployments
    assert (deployment.state, deployment.reason) == (State.CANCELED, "The branch was deleted.")


def test_the_push_that_a_pull_request_foretold(desk: Desk) -> None:
    """A commit that was deployed because of its pull request is not built again when its push arrives."""
    desk.known.earlier = [earlier(1, HEAD, pushed_at=1_700_000_005, origin=Origin.PULL_REQUEST, branch="next")]
    plan = desk.plan(branch="next")
    assert plan.deployments == []
    assert "built as deployment d1" in plan.decisions[0].reason


def test_the_later_end_counts(desk: Desk) -> None:
    """A deletion that arrives late does not hide a later one."""
    desk.known.earlier = [earlier(1, HEAD, branch="next")]
    desk.known.retirements = [Retirement(desk.hub.repository_id, "next", "The branch was deleted.", 1_700_000_001)]
    plan = desk.plan(branch="next", after="0" * 40)
    assert (plan.retirements, plan.events) == ([], [])
    assert "again since" in plan.decisions[0].reason


@pytest.mark.parametrize(
    ("previews", "has_pull", "verdict"),
    [
        (PreviewPolicy.ALL, False, Verdict.BUILD),
        (PreviewPolicy.PULL_REQUESTS, False, Verdict.IGNORE),
        (PreviewPolicy.PULL_REQUESTS, True, Verdict.BUILD),
        (PreviewPolicy.NONE, False, Verdict.IGNORE),
        (PreviewPolicy.NONE, True, Verdict.SKIP),
    ],
)
def test_which_branches_have_previews(
    desk: Desk, make_project: Callable[..., Project], previews: PreviewPolicy, has_pull: bool, verdict: Verdict
) -> None:
    """As the project was told; production is deployed all the same."""
    project = make_project(settings=ProjectSettings(previews=previews))
    desk.known.projects[:] = [project]
    if has_pull:
        desk.known.pulls.append(PullRequest(project.repository_id, 7, "next", HEAD, True, 0))
    assert [each.verdict for each in desk.plan(ref="refs/heads/next").decisions] == [verdict]
    assert [each.verdict for each in desk.plan(ref="refs/heads/main").decisions] == [Verdict.BUILD]
