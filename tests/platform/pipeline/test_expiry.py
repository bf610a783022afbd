"""Old deployments: which of them go, and that they go with all that belongs to them."""

from datetime import timedelta

import pytest
from expiry.traces import (
    LONG,
    assert_is_gone,
    assert_is_whole,
    assert_routes_are_true,
    deploy,
    deploy_old,
)

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.places import labels_of


@pytest.fixture
def old(world) -> Deployment:
    """A preview that is due."""
    return deploy_old(world)


def test_a_preview_and_all_that_belongs_to_it(world, old: Deployment) -> None:
    """Nothing of it is left but its row; everything else is served as before."""
    assert world.expiry.expire() == 1
    assert_is_gone(world, old)
    assert world.shown("site-git-feature") is None
    assert_is_whole(world, world.young)
    assert_is_whole(world, world.store.deployment(world.shown("site")))
    assert_routes_are_true(world)
    assert world.expiry.expire() == 0


def test_production_by_count(world) -> None:
    """Two are kept here, and the one before can still be rolled back to."""
    deployments = [deploy(world, number) for number in range(5)]
    assert world.expiry.expire() == 0
    world.now += LONG
    assert world.expiry.expire() == 3
    for each in deployments[:3]:
        assert_is_gone(world, each)
    for each in deployments[3:]:
        assert_is_whole(world, each)
    assert world.operations.rollback("site").after.id == deployments[3].id
    with pytest.raises(OperationRefusedError, match="has not expired"):
        world.operations.rollback("site")
    assert_routes_are_true(world)


def test_what_is_live_stays(world) -> None:
    """What was rolled back to, or a preview that was promoted, stays as long as it is live, and for a while after."""
    preview = deploy(world, 1, "feature")
    deployments = [deploy(world, number) for number in range(2, 6)]
    world.operations.rollback("site", deployments[0].id)
    world.now += LONG
    assert world.expiry.expire() == 2
    assert_is_whole(world, deployments[0])
    world.operations.promote("site", deployments[3].id)
    assert world.expiry.expire() == 0
    preview = deploy(world, 7, "feature")
    world.operations.promote("site", preview.id)
    world.now += LONG
    world.expiry.expire()
    assert_is_gone(world, deployments[0])
    assert_is_whole(world, preview)
    world.operations.rollback("site", deployments[3].id)
    assert world.expiry.expire() == 0
    world.now += LONG
    assert world.expiry.expire() == 1
    assert_is_gone(world, preview)


def test_a_branch_that_moves_on(world) -> None:
    """Its older deployments go when they were replaced for long enough, its newest when it is quiet."""
    first = deploy(world, 1, "feature")
    world.now += timedelta(days=60)
    second = deploy(world, 2, "feature")
    world.now += timedelta(days=29)
    assert world.expiry.expire() == 0
    world.now += timedelta(days=2)
    assert world.expiry.expire() == 1
    assert_is_gone(world, first)
    assert_is_whole(world, second)
    assert world.shown("site-git-feature") == second.id
    world.now += timedelta(days=60)
    assert world.expiry.expire() == 1
    third = deploy(world, 3, "feature")
    assert world.shown("site-git-feature") == third.id
    assert_routes_are_true(world)


def test_it_cannot_be_shown_again(world, old: Deployment) -> None:
    """Rollback and promote say so and name the way; redeploy builds it again."""
    world.expiry.expire()
    for operation in (world.operations.promote, world.operations.rollback):
        with pytest.raises(OperationRefusedError, match=f"battleshiper redeploy site {old.id}"):
            operation("site", old.id)
    again = world.operations.redeploy("site", old.id)
    assert (again.commit, again.state) == (old.commit, State.QUEUED)


def test_routes_that_follow_late(world, old: Deployment) -> None:
    """A step that lets its routes follow the store again brings nothing back."""
    world.expiry.expire()
    world.routing.follow(old.project_id, labels_of(world.project(), old))
    assert_is_gone(world, old)
    assert_routes_are_true(world)


def test_a_round_has_a_bound(world) -> None:
    """A large backlog takes several rounds, oldest first."""
    deployments = [deploy(world, number) for number in range(14)]
    world.now += LONG
    assert world.expiry.expire() == 10
    assert [each.id for each in deployments if world.store.deployment(each.id).expired_at] == [
        each.id for each in deployments[:10]
    ]
    assert world.expiry.expire() == 2
    assert world.expiry.expire() == 0


def test_one_that_cannot_be_cleared_away(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds up no other, is tried again, and the round tells that it failed."""
    deployments = [deploy(world, number) for number in range(5)]
    world.now += LONG
    work = world.functions.remove

    def refuse(reference: str) -> None:
        if reference == deployments[0].function:
            raise RuntimeError("AWS says no")
        work(reference)

    with monkeypatch.context() as broken:
        broken.setattr(world.functions, "remove", refuse)
        with pytest.raises(RuntimeError, match="AWS says no"):
            world.expiry.expire()
    assert_is_gone(world, deployments[1])
    assert_is_gone(world, deployments[2])
    assert world.expiry.expire() == 1
    assert_is_gone(world, deployments[0])


def test_every_project_has_its_turn(world, old: Deployment) -> None:
    """Where projects take turns, all have had theirs after as many minutes."""
    expiry = world.expiry_of(Keeping(timedelta(days=30), 2), turns=7)
    counts = []
    for _ in range(7):
        counts.append(expiry.expire())
        world.now += timedelta(minutes=1)
    assert sorted(counts) == [0, 0, 0, 0, 0, 0, 1]
    assert_is_gone(world, old)
