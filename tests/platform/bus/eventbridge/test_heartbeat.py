"""The heartbeat of a function."""

import time
from threading import Event, active_count

import pytest

from battleshiper.platform.bus.eventbridge.heartbeat import Heartbeat

PATIENCE = 20


def test_what_is_kept_is_renewed_until_it_is_not():
    """Each thing for as long as it is kept, and nothing once the function is done."""
    counts = {"a": 0, "b": 0}
    twice = Event()

    def renew(name: str) -> None:
        counts[name] += 1
        if min(counts.values()) >= 2:
            twice.set()

    with Heartbeat(0.001) as heartbeat, heartbeat.keeping(lambda: renew("a")):
        with heartbeat.keeping(lambda: renew("b")):
            assert twice.wait(PATIENCE)
        stopped = counts["b"]
        goal = counts["a"] + 3
        end = time.monotonic() + PATIENCE
        while counts["a"] < goal:
            assert time.monotonic() < end
        assert counts["b"] <= stopped + 1  # one may have begun
    done = dict(counts)
    time.sleep(0.01)
    assert counts == done


def test_a_renewal_that_fails_stops_no_other(caplog):
    """It is logged, and tried again with the next beat."""
    again = Event()
    fails = 0

    def fail() -> None:
        nonlocal fails
        fails += 1
        if fails == 3:
            again.set()
        raise OSError("no way there")

    others = []
    with Heartbeat(0.001) as heartbeat, heartbeat.keeping(fail), heartbeat.keeping(lambda: others.append(1)):
        assert again.wait(PATIENCE)
    assert len(others) >= 2
    assert "no way there" in caplog.text


def test_an_error_ends_the_beat():
    """No thread is left."""
    before = active_count()
    with pytest.raises(OSError, match="no luck"), Heartbeat(0.001):
        raise OSError("no luck")
    assert active_count() == before
