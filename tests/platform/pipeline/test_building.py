"""The build step: who is built, and whom that supersedes."""

import pytest

from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType


def test_job_is_submitted(world) -> None:
    """A queued deployment's job is submitted with the ticket for the deploy step."""
    deployment, request = world.push()
    world.building.build(request)
    assert world.builder.jobs[deployment.id].deploy_ticket == request.detail["deploy_ticket"]
    assert world.builder.jobs[deployment.id].account_id == 2


def test_event_comes_twice(world) -> None:
    """The same event handled again changes nothing."""
    deployment, request = world.push()
    world.building.build(request)
    world.building.build(request)
    assert list(world.builder.jobs) == [deployment.id]


def test_newer_push_supersedes(world) -> None:
    """What is unfinished on the same branch ends when a newer commit is built, and names it."""
    old = world.build("a" * 40)
    _, request = world.push("b" * 40)
    world.building.build(request)
    superseded = world.store.deployment(old.id)
    assert superseded.state is State.SUPERSEDED
    assert "bbbbbbb" in superseded.reason
    assert old.id in world.builder.canceled


def test_events_out_of_order(world) -> None:
    """When the older push's event is handled last, the older push is the one that ends."""
    old, old_request = world.push("a" * 40)
    new, new_request = world.push("b" * 40)
    world.building.build(new_request)
    world.building.build(old_request)
    assert world.store.deployment(old.id).state is State.SUPERSEDED
    assert list(world.builder.jobs) == [new.id]


def test_late_older_push(world) -> None:
    """An older push that arrived late, and was superseded on arrival, does not end the newest commit's build."""
    newest, request = world.push("b" * 40)
    late, _ = world.push("a" * 40)
    world.store.advance(late, State.SUPERSEDED, reason="An older push that arrived late.")
    world.building.build(request)
    assert list(world.builder.jobs) == [newest.id]
    assert world.store.deployment(newest.id).state is State.QUEUED


def test_skipped_push_leaves_the_older_one_alone(world) -> None:
    """What is built goes on, and may begin, when a newer commit of its branch was skipped."""
    building = world.build("a" * 40)
    queued, request = world.push("b" * 40, "feature")
    for branch in ("main", "feature"):
        skipped, _ = world.push("c" * 40, branch)
        world.store.advance(skipped, State.SKIPPED, reason="Skipped: the commit message says [skip ci]")
    world.building.build(request)
    assert world.store.deployment(building.id).state is State.BUILDING
    assert list(world.builder.jobs) == [building.id, queued.id]
    assert world.builder.canceled == {}


def test_other_branches_go_on(world) -> None:
    """A push to one branch leaves other branches' deployments alone."""
    other = world.build("a" * 40, "feature")
    _, request = world.push("b" * 40, "main")
    world.building.build(request)
    assert world.store.deployment(other.id).state is State.BUILDING


def test_forged_ticket(world) -> None:
    """An event without a good ticket builds nothing and is given up."""
    deployment, request = world.push()
    _, other_request = world.push("b" * 40, "other")
    stolen = {**request.detail, "ticket": other_request.detail["ticket"]}
    with pytest.raises(GiveUpError):
        world.building.build(Event(EventType.BUILD, stolen))
    assert world.builder.jobs == {}
    assert world.store.deployment(deployment.id).state is State.QUEUED
