"""Pushes that were never heard of are found."""

from datetime import timedelta

import pytest

from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.pipeline.lookout import Lookout
from battleshiper.platform.source.port import Head, Repository
from tests.platform.pipeline.conftest import REPOSITORY_ID, SHA

NEXT = "c" * 40


@pytest.fixture
def lookout(world) -> Lookout:
    """One that looks at every project in every round."""
    return Lookout(world.store, world, world.source, world.mint, world.clock, turns=1)


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
    lookout = Lookout(world.store, world, world.source, world.mint, world.clock, turns=5)
    found = 0
    for _ in range(5):
        found += lookout.look()
        world.now += timedelta(minutes=1)
    assert found == 1
