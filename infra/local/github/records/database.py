"""The database: one SQLite file, one connection, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

Value = str | int | float | bytes | None

_STEPS = ("schema.sql", "people.sql", "activity.sql", "oauth.sql")
"""What made the tables, oldest first. A step that was taken is never changed."""


class Database:
    """Holds the stand-in's records. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._grow()
        self._connection.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or nothing of it when an exception leaves the block. May be nested."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return every row of a query."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Value] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def count(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Return the number that a query's only row holds."""
        return int(self.rows(sql, parameters)[0][0])

    def write(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Change something; return the id of the row that was inserted last."""
        with self._lock:
            return self._connection.execute(sql, parameters).lastrowid or 0

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _grow(self) -> None:
        """Take the steps that were not taken yet, each whole or not at all."""
        taken = self.count("PRAGMA user_version")
        for number, name in enumerate(_STEPS[taken:], taken + 1):
            step = files(__package__).joinpath(name).read_text("utf-8")
            self._connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
