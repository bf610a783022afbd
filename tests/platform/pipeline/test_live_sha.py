"""The commit that a build is compared with."""

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.pipeline.live import live_sha

A, B, C = "a" * 40, "b" * 40, "c" * 40


@pytest.fixture
def live(world):
    """Return what tells the live commit for a push."""

    def look(branch: str = "main") -> str | None:
        deployment, _ = world.push(C, branch)
        return live_sha(world.store, world.project(), deployment)

    return look


def test_nothing_is_live(live) -> None:
    """A project's first push is compared with nothing."""
    assert live() is None


def test_production_is_compared_with_what_visitors_see(world, live) -> None:
    """After a rollback that is the older commit, not the one that was built last; a preview is none of it."""
    world.deploy(A)
    world.deploy(B, "feature")
    assert live() == A
    world.store.advance(world.store.unfinished()[0], State.SKIPPED)
    world.deploy(B)
    world.operations.rollback("site")
    assert live() == A


def test_a_branch_is_compared_with_its_own_site(world, live) -> None:
    """Whatever production shows."""
    world.deploy(A)
    world.deploy(B, "feature")
    assert live("feature") == B


def test_a_new_branch_is_compared_with_production(world, live) -> None:
    """What a branch does not change can be seen there already."""
    world.deploy(A)
    assert live("feature") == A


def test_what_did_not_go_live_does_not_count(world, live) -> None:
    """Changes of a build that failed are still to be built."""
    world.deploy(A)
    world.store.advance(world.build(B), State.FAILED)
    assert live() == A


def test_nothing_can_be_said_while_an_older_one_may_go_live(world, live) -> None:
    """It could be live a moment after the newer commit was found to be no different from what was live before."""
    world.deploy(A)
    older = world.store.advance(world.build(B), State.DEPLOYING)
    assert live() is None
    world.store.advance(older, State.SUPERSEDED)


def test_the_instructions_name_it_for_pushes_alone(world) -> None:
    """What somebody asked for is built, whatever the repository's rules say."""
    world.deploy(A)
    pushed, _ = world.push(B)
    instructions = world.claims.spend(world.claims.issue(pushed.id))
    assert (instructions.may_skip, instructions.live_sha) == (True, A)
    again = world.operations.redeploy("site")
    instructions = world.claims.spend(world.claims.issue(again.id))
    assert (instructions.may_skip, instructions.live_sha) == (False, None)
