"""The pace of what is written to GitHub."""

from datetime import UTC, datetime, timedelta

from battleshiper.bot.pace import MOST_A_MINUTE, Pace


def test_a_minute_has_so_many_writes() -> None:
    """What is more has to wait until the oldest is a minute old, and does not count before; each installation has its
    own."""
    now = datetime(2026, 1, 2, tzinfo=UTC)
    pace = Pace(lambda: now)
    assert [pace.take(1) for _ in range(MOST_A_MINUTE)] == [0.0] * MOST_A_MINUTE
    now += timedelta(seconds=20)
    assert [pace.take(1) for _ in range(3)] == [40.0] * 3
    assert pace.take(2) == 0.0
    now += timedelta(seconds=40)
    assert [pace.take(1) for _ in range(MOST_A_MINUTE)] == [0.0] * MOST_A_MINUTE
    assert pace.take(1) == 60.0
