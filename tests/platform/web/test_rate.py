"""How often somebody may ask."""

from datetime import UTC, datetime, timedelta

from battleshiper.platform.web.rate import Rate


class Clock:
    now = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_bucket_fills_again() -> None:
    """At once as many as it holds, then one each time that one has come in, each key for itself."""
    clock = Clock()
    rate = Rate(clock, per_minute=60, burst=2)
    assert [rate.take("a") for _ in range(3)] == [0, 0, 1]
    assert rate.take("b") == 0
    clock.now += timedelta(seconds=0.5)
    assert rate.take("a") == 0.5
    clock.now += timedelta(seconds=0.5)
    assert [rate.take("a"), rate.take("a")] == [0, 1]
    clock.now += timedelta(hours=1)
    assert [rate.take("a") for _ in range(3)] == [0, 0, 1]


def test_a_clock_that_is_set_back() -> None:
    """Takes nothing away."""
    clock = Clock()
    rate = Rate(clock, per_minute=60, burst=2)
    rate.take("a")
    clock.now -= timedelta(hours=1)
    assert [rate.take("a"), rate.take("a")] == [0, 1]


def test_it_does_not_grow_for_ever() -> None:
    """Those that were not seen for long are forgotten first."""
    rate = Rate(Clock(), per_minute=60, burst=1)
    for number in range(10_001):
        rate.take(str(number))
    assert rate.take("10000") > 0
    assert rate.take("0") == 0
