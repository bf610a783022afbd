"""A project's end (delete): nothing of it is left, whatever was going on meanwhile and wherever a step died."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.event import Event
from battleshiper.platform.pipeline.removal import SETTLED
from battleshiper.platform.store.port import ConflictError, MissingError, NewDeployment

FILES = {"client/index.html": b"new", "function.zip": b"zip"}
DEPLOY_STEPS = [
    ("store", "advance"),
    ("objects", "copy"),
    ("functions", "publish"),
    ("functions", "probe"),
    ("objects", "put"),
    ("routing", "put_tables"),
    ("store", "go_live"),
    ("routing", "follow"),
    ("objects", "delete"),
]
REMOVAL_STEPS = [
    ("store", "delete_project"),
    ("routing", "remove"),
    ("builder", "cancel"),
    ("functions", "remove_project"),
    ("objects", "delete"),
    ("logs", "delete"),
]


def assert_nothing_is_left(world) -> None:
    """Look everywhere."""
    world.removal.clear()
    for folder in ("sites/", "builds/", "records/"):
        assert [info.key for info in world.objects.list(folder)] == []
    assert world.functions.published == {}
    assert world.all_routes() == {}
    assert world.left_logs() == []
    assert set(world.builder.jobs) <= set(world.builder.canceled) | world.ended
    assert world.store.projects() == world.store.deployments() == world.store.aliases() == []


def handle(step: Callable[[Event], None], event: Event) -> None:
    """Handle an event as the bus does: again when it fails, and no more when it is given up."""
    for _ in range(3):
        try:
            step(event)
        except GiveUpError:
            return
        except (RuntimeError, MissingError, ConflictError):
            continue
        else:
            return


@pytest.fixture
def ready_to_deploy(world):
    """A project with a live site and a build that has just ended; its deploy event."""
    world.deploy("0" * 40, files={"client/index.html": b"old", "function.zip": b"old"})
    deployment = world.build("b" * 40)
    world.upload(deployment, FILES)
    return world.end(deployment)


def interrupt(patch: pytest.MonkeyPatch, owner: object, name: str, what: Callable[[], None], *, before: bool) -> None:
    """Let `what` happen once, just before or just after a method does its work."""
    work = getattr(owner, name)
    todo = [what]

    def interrupted(*arguments: object, **named: object) -> object:
        meanwhile = todo.pop() if todo else None
        if meanwhile and before:
            meanwhile()
        done = work(*arguments, **named)
        if meanwhile and not before:
            meanwhile()
        return done

    patch.setattr(owner, name, interrupted)


def test_delete(world) -> None:
    """A deleted project leaves nothing: no alias, route, file, function, log, row or running build."""
    deployment = world.deploy(files={"client/index.html": b"x", "function.zip": b"zip"})
    unfinished = world.build("b" * 40, "feature")
    world.removal.remove(world.delete())
    assert_nothing_is_left(world)
    assert list(world.logs.read(deployment.id, LogKind.DEPLOY)) == []
    assert list(world.builder.canceled) == [unfinished.id]


def test_delete_comes_twice(world) -> None:
    """The delete event handled again does nothing."""
    world.deploy()
    event = world.delete()
    world.removal.remove(event)
    world.removal.remove(event)
    assert_nothing_is_left(world)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), DEPLOY_STEPS)
def test_deleted_while_it_is_deployed(
    world, ready_to_deploy: Event, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool
) -> None:
    """Wherever the deploy step is when its project is deleted, nothing of either is left in the end."""
    delete = world.delete()
    interrupt(monkeypatch, getattr(world, owner), name, lambda: world.removal.remove(delete), before=before)
    handle(world.deploying.deploy, ready_to_deploy)
    assert_nothing_is_left(world)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("owner", "name"), REMOVAL_STEPS)
def test_deployed_while_it_is_deleted(
    world, ready_to_deploy: Event, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, before: bool
) -> None:
    """Wherever the delete step is when a build of its project ends, nothing of either is left in the end."""
    deploy = lambda: handle(world.deploying.deploy, ready_to_deploy)  # noqa: E731 - said once
    delete = world.delete()
    with monkeypatch.context() as patch:
        interrupt(patch, getattr(world, owner), name, deploy, before=before)
        handle(world.removal.remove, delete)
    assert_nothing_is_left(world)


@pytest.mark.parametrize("comes_again", [True, False])
@pytest.mark.parametrize(("owner", "name"), [*REMOVAL_STEPS, ("routes", "write")])
def test_crash_while_it_is_deleted(
    world, ready_to_deploy: Event, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, comes_again: bool
) -> None:
    """Wherever the delete step dies, its event finishes the work, or the sweep where it never comes again."""
    delete = world.delete()
    with monkeypatch.context() as patch:

        def die(*_: object, **__: object) -> None:
            raise RuntimeError("the machine died")

        patch.setattr(getattr(world, owner), name, die)
        with pytest.raises(RuntimeError):
            world.removal.remove(delete)
    if comes_again or name == "delete_project":
        world.removal.remove(delete)
    handle(world.deploying.deploy, ready_to_deploy)
    assert_nothing_is_left(world)


@pytest.mark.parametrize(("owner", "name"), [*DEPLOY_STEPS, ("routes", "write")])
def test_crash_while_it_was_deployed(
    world, ready_to_deploy: Event, monkeypatch: pytest.MonkeyPatch, owner: str, name: str
) -> None:
    """What a deploy step left that died goes with its project, and its event does no harm when it comes again."""
    with monkeypatch.context() as patch:

        def die(*_: object, **__: object) -> None:
            raise RuntimeError("the machine died")

        patch.setattr(getattr(world, owner), name, die)
        with pytest.raises(RuntimeError):
            world.deploying.deploy(ready_to_deploy)
    world.removal.remove(world.delete())
    world.deploying.deploy(ready_to_deploy)
    assert_nothing_is_left(world)


@pytest.mark.parametrize("before", [True, False])
def test_deleted_while_its_job_is_submitted(world, monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    """A job that is submitted while its project is deleted does not run."""
    deployment, request = world.push()
    delete = world.delete()
    interrupt(monkeypatch, world.builder, "submit", lambda: world.removal.remove(delete), before=before)
    world.building.build(request)
    assert deployment.id in world.builder.canceled
    assert_nothing_is_left(world)


def test_deleted_before_its_build_begins(world) -> None:
    """The build event of a project that is gone is no fault."""
    _, request = world.push()
    world.removal.remove(world.delete())
    world.building.build(request)
    assert world.builder.jobs == {}


def test_what_comes_late_is_cleared_away(world) -> None:
    """A file and a line that a build leaves after its end are gone with the next sweep; after an hour nobody looks."""
    deployment = world.build()
    world.removal.remove(world.delete())
    world.objects.put(f"builds/{deployment.project_id}/{deployment.id}/late", io.BytesIO(b"x"), "text/plain")
    world.logs.append(deployment.id, LogKind.BUILD, "late")
    assert_nothing_is_left(world)
    assert world.store.remains() != []
    world.now += SETTLED + timedelta(seconds=1)
    world.removal.clear()
    assert world.store.remains() == []


def test_nothing_new_begins(world) -> None:
    """A push that arrives meanwhile finds no project."""
    project = world.project()
    world.removal.remove(world.delete())
    new = NewDeployment("d", project.id, Commit("a" * 40, "main"), Environment.PRODUCTION, Origin.PUSH)
    with pytest.raises(MissingError):
        world.store.create_deployment(new)


def test_a_new_project_of_the_same_name(world) -> None:
    """While the old one is cleared away the new one, which has its name, keeps its routes and files."""
    old = world.deploy()
    world.removal.remove(world.delete())
    new = world.deploy()
    assert new.project_id != old.project_id
    route = world.routes.get("site")
    world.removal.clear()
    assert world.routes.get("site") == route is not None
    assert [info.key for info in world.objects.list("sites/")] == [f"sites/{new.project_id}/{new.id}/client/index.html"]
