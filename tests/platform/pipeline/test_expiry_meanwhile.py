"""Old deployments, whatever happens while they expire and wherever a round dies."""

from contextlib import suppress
from datetime import timedelta
from threading import Lock

import pytest
from expiry.traces import (
    assert_is_gone,
    assert_is_whole,
    assert_routes_are_true,
    deploy,
    deploy_old,
    interrupt,
    shown_by_route,
)

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.places import labels_of

STEPS = [
    ("store", "expiring"),
    ("store", "expire"),
    ("routing", "release"),
    ("functions", "remove"),
    ("objects", "delete"),
    ("objects", "remove"),
    ("logs", "delete"),
    ("store", "forget_expiring"),
]


@pytest.fixture
def old(world) -> Deployment:
    """A preview that is due."""
    return deploy_old(world)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("owner", "name"), [*STEPS, ("routes", "write")])
def test_crash_at_every_step(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, after: bool
) -> None:
    """Wherever a round dies, what is shown is whole, and the next round finishes the work."""
    with monkeypatch.context() as broken:
        work = getattr(getattr(world, owner), name)

        def die(*given: object, **named: object) -> None:
            if after:
                work(*given, **named)
            raise RuntimeError("the machine died")

        broken.setattr(getattr(world, owner), name, die)
        with pytest.raises(RuntimeError):
            world.expiry.expire()
    if world.store.deployment(old.id).expired_at is None:
        assert_is_whole(world, old)
    assert_is_whole(world, world.young)
    world.expiry.expire()
    assert_is_gone(world, old)
    assert world.store.expiring() == []
    assert_routes_are_true(world)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), STEPS)
def test_promoted_meanwhile(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool
) -> None:
    """Whenever it is promoted while it is about to expire, it is either live and whole or refused and gone."""
    promoted: list[bool] = []

    def promote() -> None:
        try:
            world.operations.promote("site", old.id)
        except OperationRefusedError:
            promoted.append(False)
        else:
            promoted.append(True)

    interrupt(world, monkeypatch, owner, name, promote, before=before)
    world.expiry.expire()
    world.expiry.expire()
    assert promoted
    if promoted[0]:
        assert_is_whole(world, old)
        assert shown_by_route(world, "site") == [old.id]
    else:
        assert_is_gone(world, old)
    assert_routes_are_true(world)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), STEPS)
def test_its_branch_comes_back_meanwhile(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool
) -> None:
    """The branch's new deployment is served at the branch's hostname, however the two meet."""
    made: list[Deployment] = []
    interrupt(world, monkeypatch, owner, name, lambda: made.append(deploy(world, 9, "feature")), before=before)
    world.expiry.expire()
    world.now += timedelta(days=40)
    world.expiry.expire()
    assert_is_gone(world, old)
    assert_is_whole(world, made[0])
    assert shown_by_route(world, "site-git-feature") == [made[0].id]
    assert_routes_are_true(world)


@pytest.mark.parametrize("before", [True, False])
def test_its_branch_comes_back_in_another_process(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """Also when both write the branch's route at once, it leads to the new deployment in the end."""

    def go_live() -> None:
        # A process of its own has a lock of its own.
        with monkeypatch.context() as another:
            another.setattr(world.routing, "_writing", Lock())
            made.append(deploy(world, 9, "feature"))

    made: list[Deployment] = []
    interrupt(world, monkeypatch, "routes", "write", go_live, before=before)
    world.expiry.expire()
    assert_is_gone(world, old)
    assert shown_by_route(world, "site-git-feature") == [made[0].id]
    assert_routes_are_true(world)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), STEPS)
def test_its_project_is_deleted_meanwhile(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool
) -> None:
    """Nothing of either is left."""
    delete = world.delete()
    interrupt(world, monkeypatch, owner, name, lambda: world.removal.remove(delete), before=before)
    world.expiry.expire()
    world.removal.clear()
    assert world.all_routes() == {}
    assert world.functions.published == {}
    assert world.left_logs() == []
    assert [info.key for folder in ("sites/", "records/") for info in world.objects.list(folder)] == []
    assert world.store.expiring() == []
    assert world.expiry.expire() == 0


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), STEPS)
@pytest.mark.parametrize("dies", [True, False])
def test_two_rounds_at_once(
    world, old: Deployment, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool, dies: bool
) -> None:
    """A round that begins while another one is at work, or dies itself, takes nothing out of the other's hands."""

    def another() -> None:
        with monkeypatch.context() as deadly:
            if dies:
                deadly.setattr(world.routing, "release", lambda _: 1 / 0)
            with suppress(ZeroDivisionError):
                world.expiry.expire()

    interrupt(world, monkeypatch, owner, name, another, before=before)
    world.expiry.expire()
    world.expiry.expire()
    assert_is_gone(world, old)
    assert world.store.expiring() == []
    assert_routes_are_true(world)


def test_its_project_is_deleted_after_a_crash(world, old: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes that a round which died has left go with the project."""
    with monkeypatch.context() as broken:
        broken.setattr(world.routing, "release", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.expiry.expire()
    assert world.routes.get(f"site-{old.id}") is not None
    world.removal.remove(world.delete())
    assert world.all_routes() == {}


@pytest.mark.parametrize("write", ["rebuild", "repair", "follow"])
def test_routes_are_written_meanwhile(world, old: Deployment, monkeypatch: pytest.MonkeyPatch, write: str) -> None:
    """Whoever read the store before and writes after brings nothing back: another process of the platform, which shares
    the routes and not the lock."""
    other = type(world.routing)(world.store, world.objects, world.routes)
    world.routes.write({f"site-{old.id}": None})
    routes_method = "rebuild" if write == "rebuild" else "write"
    with monkeypatch.context() as patch:
        work = getattr(world.routes, routes_method)

        def late(changes: object) -> None:
            patch.undo()
            world.expiry.expire()
            work(changes)

        patch.setattr(world.routes, routes_method, late)
        if write == "follow":
            other.follow(old.project_id, labels_of(world.project(), old))
        else:
            getattr(other, write)()
    assert_is_gone(world, old)
    assert_routes_are_true(world)
