"""Pushes that were never heard of are found."""

from datetime import timedelta

import pytest

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.deployment import Commit, Origin, State
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.pull_request import Retirement
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.lookout import Lookout
from battleshiper.platform.source.port import BranchMove, Head, Repository
from battleshiper.platform.store.port import Rival
from battleshiper.webhooks.choice import choose
from battleshiper.webhooks.missed_push import MissedPushes
from tests.platform.pipeline.conftest import REPOSITORY_ID, SHA

NEXT = "c" * 40


@pytest.fixture
def lookout(world) -> Lookout:
    """One that looks at every project in every round."""
    hear = MissedPushes(world.store, world.mint, world.clock).hear
    return Lookout(world.store, world, world.source, world.mint, hear, world.clock, turns=1)


def move_head(world, sha: str) -> None:
    """Let the production branch be at another commit, with no word of it."""
    pushed_at = int(world.now.timestamp()) + 10
    world.source.repositories[REPOSITORY_ID] = Repository("me/site", "main", Head(sha, "Silent", "me"), pushed_at)


def test_a_silent_push_is_deployed(world, lookout) -> None:
    """Once: by then it is known, and its push that comes late builds nothing again."""
    world.deploy(SHA)
    assert lookout.look() == 0
    move_head(world, NEXT)
    assert lookout.look() == 1
    (asked,) = world.published
    assert asked.type is EventType.INIT
    world.preparation.prepare(asked)
    newest = world.store.deployments(world.project().id)[0]
    assert (newest.commit.sha, newest.origin, newest.state) == (NEXT, Origin.MISSED, State.QUEUED)
    assert lookout.look() == 0


@pytest.mark.parametrize("state", [State.CANCELED, State.FAILED, State.SKIPPED])
def test_what_was_decided_on_is_not_asked_for_again(world, lookout, state: State) -> None:
    """Whatever became of it."""
    queued, _ = world.push(SHA)
    world.store.advance(queued, state, reason="No.")
    assert lookout.look() == 0


def test_a_rollback_is_left_alone(world, lookout) -> None:
    """What is live is a person's choice."""
    first = world.deploy("a" * 39 + "1")
    world.deploy(SHA)
    world.operations.rollback("site")
    assert lookout.look() == 0
    assert world.shown(production_label("site")) == first.id


def test_github_is_out_of_reach(world, lookout, caplog) -> None:
    """It is said, and looked at again at the next turn."""
    world.project()
    world.source.down = True
    assert lookout.look() == 0
    assert "cannot be told" in caplog.text


def test_each_project_has_its_turn(world) -> None:
    """Within so many minutes each is looked at once."""
    world.project()
    hear = MissedPushes(world.store, world.mint, world.clock).hear
    lookout = Lookout(world.store, world, world.source, world.mint, hear, world.clock, turns=5)
    found = 0
    for _ in range(5):
        found += lookout.look()
        world.now += timedelta(minutes=1)
    assert found == 1


@pytest.fixture
def feature(world) -> str:
    """The name of a preview branch in a repository whose production is as it should be."""
    world.deploy(SHA)
    return "feature"


def move(world, branch: str, sha: str | None, *, minutes_ago: float = 20, number: int = 1) -> None:
    """Let a branch have moved some time ago, with no word of it."""
    world.now += timedelta(hours=1)
    at = int((world.now - timedelta(minutes=minutes_ago)).timestamp())
    world.source.moved = [BranchMove(number, branch, None, sha, at, 5)]
    world.source.branches = {branch: Head(sha, "Silent", "me")} if sha else {}


def test_a_silent_push_to_another_branch(world, lookout, feature: str) -> None:
    """It is a preview like any other, with a delivery that says why; once, and its webhook that comes late builds
    nothing again."""
    move(world, feature, NEXT)
    assert lookout.look() == 1
    newest = world.store.deployments(world.project().id)[0]
    assert (newest.commit.sha, newest.commit.branch, newest.commit.message) == (NEXT, feature, "Silent")
    assert (newest.origin, newest.state, newest.environment.value) == (Origin.MISSED, State.QUEUED, "preview")
    delivery = world.store.deliveries()[0]
    assert (delivery.event, delivery.decisions[0].deployment_id) == ("push", newest.id)
    assert lookout.look() == 0
    rivals = [Rival(newest.id, NEXT, None, newest.commit.pushed_at, newest.origin)]
    for pushed_at in (newest.commit.pushed_at - 1, newest.commit.pushed_at, newest.commit.pushed_at + 1):
        late = Commit(NEXT, feature, parent_sha=SHA, pushed_at=pushed_at)
        assert choose(late, rivals).verdict is Verdict.IGNORE


def test_a_silent_push_that_asks_for_nothing(world, lookout, feature: str) -> None:
    """Its message is heeded."""
    move(world, feature, NEXT)
    world.source.branches = {feature: Head(NEXT, "Notes [skip ci]", "me")}
    assert lookout.look() == 1
    assert world.store.deployments(world.project().id)[0].state is State.SKIPPED


def test_a_branch_that_was_deleted_silently(world, lookout, feature: str) -> None:
    """Its previews end, and what is retired already is left alone."""
    world.deploy(NEXT, feature)
    move(world, feature, None)
    assert lookout.look() == 1
    assert world.store.retirement(REPOSITORY_ID, feature).reason == "The branch was deleted."
    assert lookout.look() == 0


@pytest.mark.parametrize("case", ["known", "just now", "before the App", "moved on", "never ours", "retired"])
def test_moves_that_are_left_alone(world, lookout, feature: str, case: str) -> None:
    """What was heard, what may be heard still, what was there before, what has moved on, and ends of nothing."""
    if case == "known":
        world.deploy(NEXT, feature)
    if case == "retired":
        world.deploy(NEXT, feature)
        world.tell(retirements=[Retirement(REPOSITORY_ID, feature, "Gone.", 1)])
    sha = None if case in ("never ours", "retired") else NEXT
    ages = {"just now": 5.0, "before the App": 600.0}
    move(world, feature, sha, minutes_ago=ages.get(case, 20.0))
    if case == "moved on":
        world.source.branches = {feature: Head("d" * 40, "Newer", "me")}
    before = world.store.deployments(world.project().id)
    assert lookout.look() == 0
    assert world.store.deployments(world.project().id) == before


def test_several_projects_of_a_repository(world, lookout, feature: str) -> None:
    """Are told of a push at once, and one that was added since does not keep the others from hearing it."""
    move(world, feature, NEXT)
    Imports(world.store, world.source, world.mint, world.allowance).add("me/site", "docs")
    assert lookout.look() == 2  # with the new project's first deployment
    previews = [each for each in world.store.deployments() if each.commit.branch == feature]
    assert {each.project_id for each in previews} == {project.id for project in world.store.projects()}
