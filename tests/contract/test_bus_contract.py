"""Every bus keeps to these."""

from collections import defaultdict
from threading import Event as Flag
from threading import Lock, Semaphore

import pytest

from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.event import Event, EventType

PATIENCE = 20.0


def event(number: int = 0, event_type: EventType = EventType.BUILD, group: str = "") -> Event:
    """Return an event to publish."""
    return Event(event_type, {"number": str(number), "text": 'ü "\ud83d\U0001f680\0'}, group, f"e{number}")


def test_a_published_event_is_handled_as_it_was(bus_under_test, recorder):
    """What is published comes out the same, broken text included."""
    handler = recorder()
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    assert handler.wait_for(1) == [event(1)]


def test_events_wait_for_the_start(bus_under_test, recorder):
    """What is published before anybody listens is not lost."""
    handler = recorder()
    bus_under_test.bus.publish([event(1), event(2)])
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    assert {handled.id for handled in handler.wait_for(2)} == {"e1", "e2"}


def test_each_type_goes_to_its_handler(bus_under_test, recorder):
    """A handler sees the events of its type and no others."""
    builds, deploys = recorder(), recorder()
    bus_under_test.bus.subscribe(EventType.BUILD, builds)
    bus_under_test.bus.subscribe(EventType.DEPLOY, deploys)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1), event(2, EventType.DEPLOY)])
    assert [handled.id for handled in builds.wait_for(1)] == ["e1"]
    assert [handled.id for handled in deploys.wait_for(1)] == ["e2"]


def test_all_events_are_published_or_none(bus_under_test, recorder):
    """An event that cannot be kept takes those published with it back."""
    handler = recorder()
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    with pytest.raises(TypeError):
        bus_under_test.bus.publish([event(1), Event(EventType.BUILD, {"bad": object()})])
    bus_under_test.bus.publish([event(2)])
    assert [handled.id for handled in handler.wait_for(1)] == ["e2"]


def test_a_failed_event_comes_again_after_a_pause(bus_under_test, recorder):
    """A failure is not the end, and the next attempt is not at once."""
    attempts = Semaphore(0)
    failures = iter([True, False])

    def fail_once(_: Event) -> None:
        attempts.release()
        if next(failures):
            raise OSError("no luck")

    handler = recorder(fail_once)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    assert attempts.acquire(timeout=PATIENCE)
    assert not attempts.acquire(timeout=0.1)
    settle(bus_under_test, lambda: attempts.acquire(timeout=0.05))
    assert handler.wait_for(1) == [event(1)]


def test_an_event_that_fails_too_often_becomes_a_dead_letter(bus_under_test):
    """The dead letter says what went wrong and how often it was tried."""
    tries = []

    def fail(failed: Event) -> None:
        tries.append(failed.id)
        raise OSError("no luck")

    bus_under_test.bus.subscribe(EventType.BUILD, fail)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    settle(bus_under_test, bus_under_test.dead_letters)
    (letter,) = bus_under_test.dead_letters()
    assert (letter.event, letter.attempts) == (event(1), 3)
    assert "no luck" in letter.error
    assert tries == ["e1"] * 3


def test_a_hopeless_event_becomes_a_dead_letter_at_once(bus_under_test):
    """Giving up takes one attempt, and its reason may be any text."""

    def give_up(_: Event) -> None:
        raise GiveUpError("never \ud83d")

    bus_under_test.bus.subscribe(EventType.BUILD, give_up)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    settle(bus_under_test, bus_under_test.dead_letters)
    (letter,) = bus_under_test.dead_letters()
    assert (letter.event.id, letter.attempts, letter.error) == ("e1", 1, "never ?")


def test_asking_for_later_is_no_failure(bus_under_test, recorder):
    """An event may be put off more often than it may fail."""
    answers = iter([True] * 7 + [False])

    def put_off(_: Event) -> None:
        if next(answers):
            raise RetryLaterError(30, "GitHub is tired")

    handler = recorder(put_off)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    settle(bus_under_test, lambda: handler.handled)
    assert handler.wait_for(1) == [event(1)]
    assert not bus_under_test.dead_letters()


def test_a_group_is_handled_one_at_a_time(bus_under_test, recorder):
    """Whatever fails, and in whatever order they come."""
    running: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    lock = Lock()
    overlaps = []

    def stumble(handled: Event) -> None:
        with lock:
            running[handled.group] += 1
            if running[handled.group] > 1:
                overlaps.append(handled)
            is_first = handled.id not in seen
            seen.add(handled.id)
        Flag().wait(0.002)  # room for another thread to come in between
        with lock:
            running[handled.group] -= 1
        if is_first and int(handled.detail["number"]) % 3 == 0:
            raise RetryLaterError(0, "once more")

    handler = recorder(stumble)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    for number in range(60):
        bus_under_test.bus.publish([event(number, group=f"g{number % 4}")])
    settle(bus_under_test, lambda: len(handler.handled) >= 60)
    assert {handled.id for handled in handler.handled} == {f"e{number}" for number in range(60)}
    assert not overlaps


def test_a_group_that_waits_holds_up_nobody_else(bus_under_test, recorder):
    """While one event is put off, others go on."""

    def put_off(handled: Event) -> None:
        if handled.id == "e1" and not is_time.is_set():
            raise RetryLaterError(1000, "not now")

    is_time = Flag()
    handler = recorder(put_off)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1, group="a"), event(3, group="b"), event(4)])
    assert {handled.id for handled in handler.wait_for(2)} == {"e3", "e4"}
    is_time.set()
    bus_under_test.pass_time(1001)
    assert handler.wait_for(3)[2].id == "e1"


def test_a_dead_letter_lets_its_group_go_on(bus_under_test, recorder):
    """What can never be handled does not hold up what came after it."""

    def give_up(handled: Event) -> None:
        if handled.id == "e1":
            raise GiveUpError("never")

    handler = recorder(give_up)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1, group="a"), event(2, group="a")])
    assert [handled.id for handled in handler.wait_for(1)] == ["e2"]


def test_a_dead_letter_can_be_revived(bus_under_test, recorder):
    """It gets all its attempts again, and is a dead letter no more; one that never was does not."""
    failures = iter([OSError("no luck")] * 3)

    def fail(_: Event) -> None:
        for failure in failures:
            raise failure

    handler = recorder(fail)
    bus_under_test.bus.subscribe(EventType.BUILD, handler)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1, group="a")])
    settle(bus_under_test, bus_under_test.dead_letters)
    assert bus_under_test.bus.revive("e1")
    assert handler.wait_for(1) == [event(1, group="a")]
    assert not bus_under_test.bus.revive("e1")
    assert list(bus_under_test.dead_letters()) == []


def test_an_event_that_dies_twice_is_one_dead_letter(bus_under_test):
    """With the error it died of last."""
    reasons = iter(["one", "two"])

    def give_up(_: Event) -> None:
        raise GiveUpError(next(reasons))

    bus_under_test.bus.subscribe(EventType.BUILD, give_up)
    bus_under_test.start()
    bus_under_test.bus.publish([event(1)])
    settle(bus_under_test, bus_under_test.dead_letters)
    bus_under_test.bus.publish([event(1)])
    settle(bus_under_test, lambda: [letter.error for letter in bus_under_test.dead_letters()] == ["two"])


def test_a_slow_type_holds_up_no_other(bus_under_test, recorder):
    """However many events of one type hang, those of another are handled."""
    release = Flag()
    slow = recorder(lambda handled: release.wait(PATIENCE))
    quick = recorder()
    bus_under_test.bus.subscribe(EventType.DEPLOYMENT_CHANGED, slow)
    bus_under_test.bus.subscribe(EventType.BUILD, quick)
    bus_under_test.start()
    bus_under_test.bus.publish([event(number, EventType.DEPLOYMENT_CHANGED) for number in range(20)])
    bus_under_test.bus.publish([event(100)])
    assert [handled.id for handled in quick.wait_for(1)] == ["e100"]
    assert not slow.handled
    release.set()
    slow.wait_for(20)


def settle(bus_under_test, is_done) -> None:
    """Let time pass until something is so."""
    pause = Flag()
    for _ in range(int(PATIENCE / 0.02)):
        if is_done():
            return
        bus_under_test.pass_time(100)
        pause.wait(0.02)
    raise AssertionError("it never came to pass")
