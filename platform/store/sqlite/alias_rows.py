"""Aliases as rows."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.store.port import Alias

SELECT = "SELECT label, project_id, deployment_id, newest, moves FROM aliases"
_PUT = """INSERT INTO aliases (label, project_id, deployment_id, newest, moves) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (label) DO UPDATE SET deployment_id = excluded.deployment_id, newest = excluded.newest"""
_SHOWN = "UPDATE deployments SET shown_at = ? WHERE id = ?"


def find_alias(connection: sqlite3.Connection, label: str) -> Alias | None:
    """Return a label's alias, None where it points nowhere."""
    row = connection.execute(f"{SELECT} WHERE label = ?", (label,)).fetchone()
    return None if row is None else to_alias(*row)


def put_alias(connection: sqlite3.Connection, alias: Alias) -> Alias:
    """Point a label, and return what was given."""
    values = (alias.label, alias.project_id, alias.deployment_id, alias.newest, alias.moves)
    connection.execute(_PUT, values)
    return alias


def note_shown(connection: sqlite3.Connection, ids: Sequence[str], now: int) -> None:
    """Note that deployments came to a hostname, or left it."""
    connection.executemany(_SHOWN, [(now, each) for each in ids])


def to_alias(label: str, project_id: str, deployment_id: str, newest: int, moves: int) -> Alias:
    """Return the alias in a row of `SELECT`."""
    return Alias(label, project_id, deployment_id, newest, bool(moves))
