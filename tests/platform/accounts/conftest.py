"""A store, a clock and the door in front of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from front import Front

from battleshiper.platform.database.database import Database
from battleshiper.platform.store.sqlite.store import SqliteStore


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """The clock of everything."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[SqliteStore]:
    """A real store."""
    database = Database(tmp_path / "battleshiper.db")
    yield SqliteStore(database, lambda *_: None, clock)
    database.close()


@pytest.fixture
def front(store: SqliteStore, clock: Clock) -> Front:
    """The door, with GitHub in memory."""
    return Front(store, clock)
