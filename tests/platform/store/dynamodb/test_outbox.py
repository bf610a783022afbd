"""Events are written with their change and reach the bus whatever dies in between."""

from datetime import timedelta

import pytest
from aws.dynamo_platform import deployment

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType

SOON = timedelta(seconds=30)


class KilledError(BaseException):
    """The process ends here."""


def waiting(platform) -> list[str]:
    return [key for key in platform.items() if key.startswith("OUTBOX#")]


def test_nothing_waits_when_all_is_well(platform):
    """Events are on the bus when the change is made, in their order and as they were."""
    build = Event(EventType.BUILD, {"text": 'ü "\ud83d\U0001f680\0'}, "group", "e1")
    platform.deliver("d1", deployments=[deployment("x1"), deployment("x2")], events=[build])
    assert [event.id for event in platform.bus.published] == ["x1-1", "x2-1", "e1"]
    assert platform.bus.published[2] == build
    assert waiting(platform) == []


def test_a_process_that_dies_before_it_publishes(platform):
    """Its change is made, and somebody else tells of it, once it is clear that nobody else will."""
    platform.bus.failure = KilledError()
    with pytest.raises(KilledError):
        platform.store.create_deployment(deployment("x1"))
    platform.bus.failure = None
    assert platform.store.deployment("x1").state is State.QUEUED
    assert platform.another().relay.publish_left(SOON) == 0
    platform.clock.advance(SOON + timedelta(seconds=1))
    assert platform.another().relay.publish_left(SOON) == 1
    assert [event.id for event in platform.bus.published] == ["x1-1"]
    assert waiting(platform) == []
    assert platform.another().relay.publish_left(SOON) == 0


def test_a_process_that_dies_after_it_published(platform):
    """The events come twice, which they may."""
    platform.client.before["batch_write_item"].append(lambda: (_ for _ in ()).throw(KilledError()))
    with pytest.raises(KilledError):
        platform.store.create_deployment(deployment("x1"))
    platform.clock.advance(2 * SOON)
    assert platform.relay.publish_left(SOON) == 1
    assert [event.id for event in platform.bus.published] == ["x1-1", "x1-1"]


def test_a_bus_that_takes_nothing_now(platform, caplog):
    """The change is made all the same and its events wait; the operator reads why."""
    platform.bus.failure = OSError("EventBridge is gone")
    made = platform.store.create_deployment(deployment("x1"))
    assert platform.store.advance(made, State.BUILDING).version == 2
    assert "EventBridge is gone" in caplog.text
    assert len(waiting(platform)) == 2
    platform.clock.advance(2 * SOON)
    with pytest.raises(OSError, match="EventBridge is gone"):
        platform.relay.publish_left(SOON)
    platform.bus.failure = None
    assert platform.relay.publish_left(SOON) == 2
    assert sorted(event.id for event in platform.bus.published) == ["x1-1", "x1-2"]


def test_events_that_the_bus_never_takes_hold_up_no_others(platform):
    """What fails stays and is told of, all the rest is published."""
    platform.bus.failure = OSError("not now")
    for number in range(6):
        platform.store.create_deployment(deployment(f"x{number}"))
    platform.bus.failure = None
    publish = platform.bus.publish

    def refuse_one(events):
        if events[0].id == "x3-1":
            raise OSError("never this")
        publish(events)

    platform.bus.publish = refuse_one
    platform.clock.advance(2 * SOON)
    with pytest.raises(OSError, match="never this"):
        platform.relay.publish_left(SOON)
    assert sorted(event.id for event in platform.bus.published) == ["x0-1", "x1-1", "x2-1", "x4-1", "x5-1"]
    assert len(waiting(platform)) == 1


def test_a_transaction_that_is_refused_leaves_no_event(platform):
    """Neither on the bus nor in the outbox."""
    platform.store.create_deployment(deployment("x1"))
    published = list(platform.bus.published)
    with pytest.raises(Exception, match="already"):
        platform.store.create_deployment(deployment("x1"), [Event(EventType.BUILD, {})])
    assert platform.bus.published == published
    assert waiting(platform) == []
