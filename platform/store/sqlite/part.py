"""What the parts of the store share."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from battleshiper.platform.database.database import Database
from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.model.event import Event


class Enqueue(Protocol):
    """Puts events on the bus as part of a write that is under way."""

    def __call__(self, connection: sqlite3.Connection, events: Sequence[Event], /) -> None:
        """Put the events."""
        ...


class SqlitePart:
    """A part of the store. `enqueue` is the bus's, so that a change and its events are one transaction."""

    def __init__(self, database: Database, enqueue: Enqueue, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._enqueue = enqueue
        self._clock = clock

    def _now(self) -> int:
        return to_microseconds(self._clock())
