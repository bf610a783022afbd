"""Chores: each in its time, none in another's way."""

from datetime import UTC, datetime, timedelta

import pytest

from battleshiper.infra.aws.chores import Chores
from battleshiper.infra.chore import Chore

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


def test_one_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """The others are done all the same, and the failed one is named."""
    done: list[str] = []

    def fail() -> None:
        raise OSError("no such bucket")

    chores = [
        Chore("first", lambda: done.append("first")),
        Chore("second", fail),
        Chore("third", lambda: done.append("third")),
    ]
    assert Chores(chores, lambda: MIDNIGHT).do() == ["second"]
    assert done == ["first", "third"]
    assert "no such bucket" in caplog.text


def test_some_are_done_now_and_then() -> None:
    """One that is due every ten minutes is done six times an hour, whatever process does the rounds."""
    done: list[datetime] = []
    for minute in range(60):
        now = MIDNIGHT + timedelta(minutes=minute, seconds=minute % 50)
        Chores([Chore("rare", lambda now=now: done.append(now), every=10)], lambda now=now: now).do()
    assert [each.minute for each in done] == [0, 10, 20, 30, 40, 50]
