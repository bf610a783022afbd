"""What the tests of expiry look at: what a deployment leaves, and what it needs to be served."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Deployment, State

FILES = {"client/index.html": b"x", "client/about.html": b"y", "function.zip": b"zip"}
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
    assert [key.rpartition("/")[2] for key in keys] == ["about.html", "index.html", "function.zip"]
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


def deploy_old(world) -> Deployment:
    """Return a preview that is due, beside a production site and a younger preview, `world.young`."""
    preview = deploy(world, 1, "feature")
    deploy(world, 2)
    world.now += LONG
    world.young = deploy(world, 3, "other")
    return preview


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
