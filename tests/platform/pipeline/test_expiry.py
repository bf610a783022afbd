"""Old deployments: gone with all that belongs to them, whatever happens meanwhile and wherever a round dies."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Lock

import pytest

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.places import labels_of

FILES = {"client/index.html": b"x", "client/about.html": b"y", "function.zip": b"zip"}
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
LONG = timedelta(days=400)


def deploy(world, number: int, branch: str = "main") -> Deployment:
    """Bring a push with files, a function and logs all the way."""
    deployment: Deployment = world.deploy(f"{number:040x}", branch, FILES)
    world.logs.append(deployment.id, LogKind.BUILD, "built")
    return deployment


def assert_is_gone(world, deployment: Deployment) -> None:
    """Look everywhere for what an expired deployment may leave."""
    left = world.store.deployment(deployment.id)
    assert (left.state, left.expired_at is None, left.url) == (State.READY, False, deployment.url)
    assert deployment.id not in {alias.deployment_id for alias in world.store.aliases()}
    assert [route for route in world.all_routes().items() if deployment.id in str(route)] == []
    for folder in ("sites/", "records/", "builds/"):
        assert [info.key for info in world.objects.list(folder) if deployment.id in info.key] == []
    assert deployment.function not in world.functions.published
    assert deployment.id not in world.left_logs()


def assert_is_whole(world, deployment: Deployment) -> None:
    """Look whether a deployment is served as it was."""
    assert world.store.deployment(deployment.id).expired_at is None
    routes = world.all_routes()
    assert deployment.id in routes[f"site-{deployment.id}"]
    assert f"{deployment.id}/0" in routes
    keys = [info.key for info in world.objects.list(f"sites/{deployment.project_id}/{deployment.id}/")]
    assert [key.rpartition("/")[2] for key in keys] == ["about.html", "index.html"]
    assert deployment.function in world.functions.published


def assert_routes_are_true(world) -> None:
    """Nothing is routed but what the store says, and making all routes again changes nothing."""
    routes = world.all_routes()
    assert {key for key in routes if "/" not in key} == {alias.label for alias in world.store.aliases()}
    world.routing.rebuild()
    assert world.all_routes() == routes


def shown_by_route(world, label: str) -> list[str]:
    """Return which deployments a label's route names."""
    record = world.routes.get(label) or ""
    return [each.id for each in world.store.deployments(limit=100) if each.id in record]


@pytest.fixture
def old(world) -> Deployment:
    """A preview that is due, beside a production site and a younger preview."""
    preview = deploy(world, 1, "feature")
    deploy(world, 2)
    world.now += LONG
    world.young = deploy(world, 3, "other")
    return preview


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


def interrupt(
    world, patch: pytest.MonkeyPatch, owner: str, name: str, what: Callable[[], None], *, before: bool
) -> None:
    """Let `what` happen once, just before or just after a method does its work."""
    work = getattr(getattr(world, owner), name)
    todo = [what]

    def interrupted(*arguments: object, **named: object) -> object:
        meanwhile = todo.pop() if todo else None
        if meanwhile and before:
            meanwhile()
        try:
            return work(*arguments, **named)
        finally:
            if meanwhile and not before:
                meanwhile()

    patch.setattr(getattr(world, owner), name, interrupted)
