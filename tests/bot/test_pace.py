"""How much is written to GitHub in a minute, and what goes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.pace import Pace
from battleshiper.platform.bus.port import RetryLaterError
from battleshiper.platform.model.deployment import State

World = Any
"""The fixture's class; tests cannot import from conftest."""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@given(steps=st.lists(st.tuples(st.integers(1, 2), st.floats(0, 20)), max_size=200), most=st.integers(1, 8))
def test_no_minute_has_more(steps: list[tuple[int, float]], most: int) -> None:
    """Whoever waits as long as it is told may write, and no sixty seconds of an installation have more writes."""
    clock = Clock()
    pace = Pace(clock, most)
    writes: dict[int, list[datetime]] = {1: [], 2: []}
    for installation_id, pause in steps:
        clock.now += timedelta(seconds=pause)
        seconds = pace.take(installation_id)
        if seconds:
            clock.now += timedelta(seconds=seconds)
            assert pace.take(installation_id) == 0
        writes[installation_id].append(clock.now)
    for written in writes.values():
        for first, last in zip(written, written[most:], strict=False):
            assert last - first >= timedelta(minutes=1)


def test_what_can_wait_leaves_room() -> None:
    """From half of the writes on it waits, until less than half was written."""
    clock = Clock()
    pace = Pace(clock, 4)
    pace.take(1)
    clock.now += timedelta(seconds=10)
    pace.take(1)
    assert pace.seconds_left(1, can_wait=True) == 50
    assert pace.seconds_left(1, can_wait=False) == 0
    assert pace.seconds_left(2, can_wait=True) == 0
    clock.now += timedelta(seconds=50)
    assert pace.seconds_left(1, can_wait=True) == 0


@pytest.mark.parametrize(
    ("api_url", "is_limited"),
    [
        ("https://api.github.com", True),
        ("https://api.octo.ghe.com", True),
        ("https://ghe.example/api/v3", False),
        ("http://localhost:8788/api/v3", False),
    ],
)
def test_whose_pace_it_is(api_url: str, is_limited: bool) -> None:
    """An Enterprise Server says itself when it has had enough."""
    pace = Pace.of(api_url, Clock())
    taken = [pace.take(1) for _ in range(100)]
    assert taken[:80] == [0] * 80
    assert all(taken[80:]) is is_limited
    assert any(taken[80:]) is is_limited


def test_important_news_goes_first(world: World) -> None:
    """While there is little room, what is under way waits, and so does what became of an older commit; how the newest
    one fared is told."""
    older = world.finish(world.deploy("d1", sha="b" * 40))
    newest = world.deploy("d2")
    for _ in range(40):
        world.pace.take(50)
    for identifier in ("d1", "d2"):
        with pytest.raises(RetryLaterError) as caught:
            world.report(identifier)
        assert caught.value.seconds == 5
    world.finish(newest)
    world.report("d2")
    assert world.states == ["success"]
    world.wait(60)
    world.report("d1")
    assert world.store.report("d1").version == older.version


def test_when_nothing_more_goes(world: World) -> None:
    """Everything waits for as long as the minute lasts, and is told then."""
    world.finish(world.deploy("d1"))
    for _ in range(80):
        world.pace.take(50)
    world.wait(20)
    with pytest.raises(RetryLaterError) as caught:
        world.report("d1")
    assert caught.value.seconds == 40
    world.wait(40)
    world.report("d1")
    assert world.states == ["success"]


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.SKIPPED])
def test_what_lasts_is_told(world: World, state: State) -> None:
    """A commit that waits for somebody, or for nothing, says so at once."""
    for _ in range(40):
        world.pace.take(50)
    world.deploy("d1", state=state, reason="Because.")
    world.report("d1")
    assert len(world.states) == 1
