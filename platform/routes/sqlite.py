"""Routes on one machine: a table for keeping, a dictionary for looking up."""

import sqlite3
from collections.abc import Mapping
from threading import Lock

from battleshiper.platform.database.database import Database
from battleshiper.platform.routes.port import check_changes

_PUT = "INSERT INTO routes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class SqliteRoutes:
    """Holds every route in memory as well, so that a look-up costs next to nothing. One instance for a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = Lock()
        self._entries: dict[str, str] = database.read(
            lambda connection: dict(connection.execute("SELECT key, value FROM routes").fetchall())
        )

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        return self._entries.get(key)

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Put (a string) or delete (None) each key, all or none; raises RouteRefusedError."""
        put = {key: value for key, value in changes.items() if value is not None}
        check_changes(changes)
        deleted = [key for key, value in changes.items() if value is None]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(_PUT, put.items())
            connection.executemany("DELETE FROM routes WHERE key = ?", [(key,) for key in deleted])

        # The memory changes in the order in which the table does.
        with self._writing:
            self._database.write(write)
            self._entries.update(put)
            for key in deleted:
                self._entries.pop(key, None)

    def rebuild(self, entries: Mapping[str, str]) -> None:
        """Make the store hold exactly `entries`: a reader finds the old ones or the new ones, never a mixture."""
        rebuilt = dict(entries)
        check_changes(rebuilt)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM routes")
            connection.executemany(_PUT, rebuilt.items())

        with self._writing:
            self._database.write(write)
            self._entries = rebuilt
