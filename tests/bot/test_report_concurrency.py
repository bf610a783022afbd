"""Reports while the world goes on: whatever changes between two calls, GitHub ends up showing the present state."""

from collections.abc import Callable
from typing import Any

import pytest

from battleshiper.platform.model.deployment import State

World = Any
"""The fixture's class; tests cannot import from conftest."""
OTHER = "b" * 40
LOOKS = ("deployments_of", "branch_head")
WRITES = ("set_status", "create_deployment", "set_deployment_status")
MOMENTS = [("before", method) for method in (*LOOKS, *WRITES)] + [("after", method) for method in WRITES]
"""Around each call of a first report."""


def interrupt(world: World, when: str, method: str, happen: Callable[[], None]) -> list[str]:
    """Let something happen before or after the first call of a method. Returns what has one entry once it has."""
    happened: list[str] = []

    def hook(called: str) -> None:
        if called == method and not happened:
            happened.append(method)
            happen()

    setattr(world.github, when, hook)
    return happened


def last_states(world: World) -> dict[str, str]:
    """Return the last state of each deployment's GitHub Deployment."""
    return {made.new.deployment_id: made.statuses[-1].state.value for made in world.github.deployments}


@pytest.mark.parametrize(("when", "method"), MOMENTS)
def test_a_newer_site_goes_live_at_any_moment_of_a_report(world: World, when: str, method: str) -> None:
    """Reports of two commits run at once: the newer site ends active, the older one inactive."""
    world.finish(world.deploy("d1"))
    newer = world.deploy("d2", sha=OTHER)

    def overtake() -> None:
        world.finish(newer)
        world.report("d2")

    happened = interrupt(world, when, method, overtake)
    world.report("d1")
    assert happened == [method]
    assert last_states(world) == {"d1": "inactive", "d2": "success"}


@pytest.mark.parametrize(("when", "method"), MOMENTS)
def test_an_older_report_runs_at_any_moment_of_a_newer_one(world: World, when: str, method: str) -> None:
    """The older site is not shown as active after it was replaced."""
    world.finish(world.deploy("d1"))
    world.finish(world.deploy("d2", sha=OTHER))
    happened = interrupt(world, when, method, lambda: world.report("d1"))
    world.report("d2")
    assert happened == [method]
    assert last_states(world) == {"d1": "inactive", "d2": "success"}


@pytest.mark.parametrize(("when", "method"), MOMENTS)
def test_a_deployment_that_ends_at_any_moment_of_its_report(world: World, when: str, method: str) -> None:
    """What was shown is old by then: the event of the end shows the end, and the first events, given again, change
    nothing."""
    deployment = world.deploy("d1")
    happened = interrupt(world, when, method, lambda: world.finish(deployment))
    world.report("d1")
    assert happened == [method]
    for event in [*reversed(world.events), *world.events]:
        world.reporter.report(event)
    assert world.states == ["pending", "success"]
    assert world.deployment_states() == ["queued", "success"]


@pytest.mark.parametrize(("when", "method"), MOMENTS)
def test_a_newer_attempt_ends_at_any_moment_of_a_report(world: World, when: str, method: str) -> None:
    """Its own report waits for its turn, and has the commit's last word, also over the older one's next report."""
    older = world.deploy("d1")

    def redeploy() -> None:
        world.finish(world.deploy("d2"))

    happened = interrupt(world, when, method, redeploy)
    world.report("d1")
    assert happened == [method]
    world.report("d2")
    world.store.advance(older, State.FAILED, reason="npm ended with 1.")
    world.report("d1")
    assert world.states == ["pending", "success"]
    assert last_states(world) == {"d1": "failure", "d2": "success"}
