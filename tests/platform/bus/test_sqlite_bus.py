"""The bus on one machine, beyond what every bus keeps to."""

from datetime import UTC, datetime
from threading import Event as Flag
from threading import Thread

import pytest

from battleshiper.platform.bus.port import RetryLaterError
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.event import Event, EventType

PATIENCE = 20.0
FIRST = Event(EventType.BUILD, {"n": "1"}, "group", "e1")
SECOND = Event(EventType.BUILD, {"n": "2"}, "group", "e2")


@pytest.fixture
def database(tmp_path):
    """An empty database."""
    database = Database(tmp_path / "battleshiper.db")
    yield database
    database.close()


@pytest.fixture
def open_bus(database):
    """Make buses over the same database, as process after process would."""
    buses = []

    def open_bus() -> SqliteBus:
        buses.append(SqliteBus(database, lambda: datetime.now(UTC)))
        return buses[-1]

    yield open_bus
    for bus in buses:
        bus.close()


def test_an_event_is_forgotten_once_it_is_handled(open_bus):
    """The next process does not handle it again."""
    bus, done = open_bus(), Flag()
    bus.subscribe(EventType.BUILD, lambda event: done.set())
    bus.start()
    bus.publish([FIRST])
    assert done.wait(PATIENCE)
    assert bus.close()
    assert bus.pending() == 0


def test_closing_waits_for_what_is_running(open_bus):
    """And starts nothing more: what waits is left to the next process."""
    bus, entered, leave, handled = open_bus(), Flag(), Flag(), []

    def handle(event: Event) -> None:
        entered.set()
        assert leave.wait(PATIENCE)
        handled.append(event.id)

    bus.subscribe(EventType.BUILD, handle)
    bus.start()
    bus.publish([FIRST, SECOND])
    assert entered.wait(PATIENCE)
    assert not bus.close(0.01)
    closing = Thread(target=bus.close, args=(PATIENCE,))
    closing.start()
    leave.set()
    closing.join()
    assert handled == ["e1"]
    assert bus.pending() == 1


def test_what_was_running_is_handled_again_by_the_next_process(open_bus):
    """An event belongs to nobody until it is handled."""
    dying, entered, never = open_bus(), Flag(), Flag()

    def hang(_: Event) -> None:
        entered.set()
        never.wait(PATIENCE)

    dying.subscribe(EventType.BUILD, hang)
    dying.start()
    dying.publish([FIRST])
    assert entered.wait(PATIENCE)
    assert not dying.close(0)
    bus, done = open_bus(), Flag()
    bus.subscribe(EventType.BUILD, lambda event: done.set())
    bus.start()
    assert done.wait(PATIENCE)
    never.set()


def test_an_event_that_is_queued_is_not_queued_again(open_bus):
    """Publishing may be repeated; once an event is handled it is a new one."""
    bus = open_bus()
    bus.publish([FIRST, FIRST])
    bus.publish([FIRST])
    assert bus.pending() == 1


def test_a_group_is_handled_in_order(open_bus):
    """Oldest first, though some are put off."""
    bus, seen, handled, done = open_bus(), set(), [], Flag()

    def stumble(event: Event) -> None:
        is_first = event.id not in seen
        seen.add(event.id)
        if is_first and int(event.detail["n"]) % 3 == 0:
            raise RetryLaterError(0, "once more")
        handled.append((event.group, int(event.detail["n"])))
        if len(handled) == 60:
            done.set()

    bus.subscribe(EventType.BUILD, stumble)
    bus.start()
    for number in range(60):
        bus.publish([Event(EventType.BUILD, {"n": str(number)}, f"g{number % 4}")])
    assert done.wait(PATIENCE)
    for group in range(4):
        assert [number for name, number in handled if name == f"g{group}"] == list(range(group, 60, 4))


def test_a_group_waits_for_its_oldest_event(open_bus):
    """What is put off is not overtaken by its own group."""
    bus, handled, done = open_bus(), [], Flag()

    def put_off(event: Event) -> None:
        if event.id == "e1":
            raise RetryLaterError(1000, "not now")
        handled.append(event.id)
        if event.id == "last":
            done.set()

    bus.subscribe(EventType.BUILD, put_off)
    bus.start()
    bus.publish([FIRST, SECOND, Event(EventType.BUILD, {}, id="last")])
    assert done.wait(PATIENCE)
    assert bus.close()
    assert handled == ["last"]


def test_a_type_has_one_handler(open_bus):
    """A second one would leave it to chance who handles."""
    bus = open_bus()
    bus.subscribe(EventType.BUILD, lambda event: None)
    with pytest.raises(ValueError, match="has a handler"):
        bus.subscribe(EventType.BUILD, lambda event: None)


def test_a_handler_that_exits_costs_no_thread(open_bus):
    """However often it tries to, the next event is handled."""
    bus, done = open_bus(), Flag()

    def handle(event: Event) -> None:
        if event.id == "last":
            done.set()
        else:
            raise SystemExit(1)

    bus.subscribe(EventType.BUILD, handle)
    bus.start()
    bus.publish([Event(EventType.BUILD, {}) for _ in range(20)])
    bus.publish([Event(EventType.BUILD, {}, id="last")])
    assert done.wait(PATIENCE)


def test_a_failure_is_logged_with_its_cause(open_bus, caplog):
    """So that somebody can find out why an event comes again."""
    bus, failed = open_bus(), Flag()

    def handle(_: Event) -> None:
        failed.set()
        raise OSError("the wire is cut")

    bus.subscribe(EventType.BUILD, handle)
    bus.start()
    bus.publish([FIRST])
    assert failed.wait(PATIENCE)
    assert bus.close()
    assert "the wire is cut" in caplog.text
    assert "battleshiper.build e1" in caplog.text


def test_a_database_that_fails_for_a_while_loses_no_event(open_bus, database, monkeypatch, caplog):
    """When the outcome cannot be written, the event is handled again."""
    bus, times, again = open_bus(), [], Flag()
    monkeypatch.setattr("battleshiper.platform.bus.sqlite.lane._LONGEST_WAIT", 0.01)
    write, failures = database.write, iter([OSError("the disk is full")])

    def handle(event: Event) -> None:
        times.append(event.id)
        if len(times) == 2:
            again.set()

    def fail_once(function):
        for failure in failures:
            raise failure
        return write(function)

    bus.subscribe(EventType.BUILD, handle)
    bus.publish([FIRST])
    monkeypatch.setattr(database, "write", fail_once)
    bus.start()
    assert again.wait(PATIENCE)
    wait_until(lambda: bus.pending() == 0)
    assert "the disk is full" in caplog.text


def wait_until(is_so) -> None:
    """Wait for something to become so."""
    pause = Flag()
    for _ in range(int(PATIENCE / 0.01)):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to pass")
