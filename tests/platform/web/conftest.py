"""A store and the door in front of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from front import Front
from web_desk import Web

from battleshiper.platform.database.database import Database
from battleshiper.platform.store.sqlite.store import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A real store."""
    database = Database(tmp_path / "store.db")
    yield SqliteStore(database, lambda *_: None, lambda: datetime.now(UTC))
    database.close()


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """The clock of everything."""
    return lambda: datetime.now(UTC)


@pytest.fixture
def front(store: SqliteStore, clock: Callable[[], datetime]) -> Front:
    """The door, with GitHub in memory."""
    return Front(store, clock)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The web with one project."""
    made = Web(tmp_path)
    yield made
    made.database.close()
