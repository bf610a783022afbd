"""Brings a file to the newest schema: the files of `schema/` are the steps that lead to it, in their order.

A step that was released is never changed; a new one is added.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from battleshiper.platform.database.error import DatabaseTooNewError

_SCHEMA = Path(__file__).parent / "schema"


def migrations() -> tuple[str, ...]:
    """Return the steps, each a script."""
    return tuple(path.read_text() for path in sorted(_SCHEMA.glob("*.sql")))


def migrate(connection: sqlite3.Connection, path: Path, scripts: Sequence[str] | None = None) -> None:
    """Bring the file to the newest schema, whole or not at all; raises DatabaseTooNewError."""
    steps = migrations() if scripts is None else scripts
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(steps):
            raise DatabaseTooNewError(path, version, len(steps))
        for script in steps[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """What `executescript` would do, but for the transaction that it ends before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
