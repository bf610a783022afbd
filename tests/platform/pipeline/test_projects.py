"""A project's beginning (init), and what keeps it clean (sweeper, routes)."""

import io
from datetime import timedelta

import pytest

from battleshiper.platform.bus.port import DeadLetter, GiveUpError, RetryLaterError
from battleshiper.platform.model.deployment import Environment, Origin, State
from battleshiper.platform.source.port import Repository
from battleshiper.platform.tickets.keys import LIFETIME

REPOSITORY_ID = 7


def test_first_deployment(world) -> None:
    """A new project learns its default branch, and its head is deployed to production."""
    project = world.project()
    world.preparation.prepare(world.look())
    (deployment,) = world.store.deployments(project.id)
    assert (deployment.origin, deployment.environment) == (Origin.INITIAL, Environment.PRODUCTION)
    assert deployment.commit.sha == "a" * 40


def test_init_comes_twice(world) -> None:
    """The init event handled again adds no second deployment."""
    event = world.look()
    world.preparation.prepare(event)
    world.preparation.prepare(event)
    assert len(world.store.deployments()) == 1


def test_push_came_first(world) -> None:
    """Where a push has brought a deployment already, init adds none."""
    world.push()
    world.preparation.prepare(world.look())
    assert len(world.store.deployments()) == 1


def test_empty_repository(world) -> None:
    """An empty repository becomes a project that waits for its first push."""
    world.source.repositories[REPOSITORY_ID] = Repository("me/site", "trunk", None)
    world.preparation.prepare(world.look())
    assert world.store.deployments() == []
    assert world.project().production_branch == "trunk"


def test_github_down_and_gone(world) -> None:
    """While GitHub is down init waits without counting; when the repository is gone it gives up."""
    event = world.look()
    world.source.down = True
    with pytest.raises(RetryLaterError):
        world.preparation.prepare(event)
    world.source.down = False
    del world.source.repositories[REPOSITORY_ID]
    with pytest.raises(GiveUpError):
        world.preparation.prepare(event)


def test_routes_can_be_made_again(world) -> None:
    """Routes that were lost are rebuilt from the store and the records, as they were."""
    one, two = world.deploy(), world.deploy("b" * 40, "feature")
    labels = [alias.label for alias in world.store.aliases()]
    before = {label: world.routes.get(label) for label in labels}
    world.routes.rebuild({})
    assert world.routes.get("site") is None
    world.routing.rebuild()
    assert {label: world.routes.get(label) for label in labels} == before
    assert len(before) == 5
    assert {one.id, two.id} == {world.shown(label) for label in labels}


def test_sweeper(world) -> None:
    """A deployment that nothing can move any more fails with the reason; a younger one is left alone."""
    lost = world.build()
    world.now += LIFETIME + timedelta(seconds=1)
    young, _ = world.push("b" * 40, "feature")
    assert world.sweeper.sweep() == 1
    assert world.store.deployment(lost.id).state is State.FAILED
    assert world.store.deployment(young.id).state is State.QUEUED


def test_uploads_that_nobody_waits_for(world) -> None:
    """What canceled builds and those of deleted projects left is deleted; what a build has so far uploaded stays."""
    canceled, building = world.build(), world.build("b" * 40, "feature")
    for deployment in (canceled, building):
        world.upload(deployment, {"client/index.html": b"x"})
    world.operations.cancel("site", canceled.id)
    world.objects.put("builds/gone/gone/client/x", io.BytesIO(b"x"), "text/plain")
    world.sweeper.sweep()
    left = {info.key.split("/")[2] for info in world.objects.list("builds/")}
    assert left == {building.id}


def test_routes_are_made_again_at_the_start(world) -> None:
    """Where the route table is empty, it is as it was after a start, without what no hostname needs."""
    world.deploy()
    world.deploy("b" * 40, "feature")
    assert world.routing.rebuild() == 5
    before = world.all_routes()
    world.routes.rebuild({"lost/0": "x"})
    assert world.routing.repair() == 5
    assert world.all_routes() == before


def test_a_rebuild_while_a_site_is_published(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild drops the tables of what is not live yet; they are there again when it is."""
    go_live = world.store.go_live

    def rebuild_meanwhile(*arguments: object, **named: object) -> object:
        world.routing.rebuild()
        return go_live(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "go_live", rebuild_meanwhile)
        deployment = world.deploy()
    assert any(key.startswith(f"{deployment.id}/") for key in world.all_routes())


def test_routes_are_repaired(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rollback that died before its route was written is finished at the next start, and nothing else is touched."""
    first, _ = world.deploy(), world.deploy("b" * 40)
    assert world.routing.repair() == 0
    own = world.routes.get(f"site-{first.id}")
    with monkeypatch.context() as broken:

        def die(_: object) -> None:
            raise RuntimeError("the machine died")

        broken.setattr(world.routes, "write", die)
        with pytest.raises(RuntimeError):
            world.operations.rollback("site", first.id)
    assert first.id not in world.routes.get("site")
    assert world.routing.repair() == 1
    assert first.id in world.routes.get("site")
    assert world.routes.get(f"site-{first.id}") == own


@pytest.mark.parametrize(("attempts", "state"), [(10, State.FAILED), (1, State.QUEUED)])
def test_dead_letters(world, attempts: int, state: State) -> None:
    """A deployment whose event died fails with the error; an event that was refused at once ends nothing."""
    deployment, request = world.push()
    world.dead = [DeadLetter(request, "OSError: No space left on device", attempts, world.clock())]
    world.sweeper.sweep()
    found = world.store.deployment(deployment.id)
    assert found.state is state
    assert ("No space left" in found.reason) == (state is State.FAILED)
