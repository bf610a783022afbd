"""Hostnames that projects hold beside their own, in SQLite."""

import sqlite3
from typing import Any

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.store.port import ConflictError, Count, MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_SELECT = "SELECT label, project_id, account_id, branch, held_at, is_released FROM custom_aliases"
_HOLDER = """SELECT project_id FROM custom_aliases WHERE label = ?1
    UNION ALL SELECT id FROM projects WHERE name = ?1 UNION ALL SELECT project_id FROM aliases WHERE label = ?1"""
_IS_NAME = """SELECT EXISTS (SELECT 1 FROM projects WHERE name = ?1)
    OR EXISTS (SELECT 1 FROM aliases WHERE label = ?1)"""
_OTHERS = "SELECT count(*) FROM custom_aliases WHERE account_id = ? AND NOT is_released AND label <> ?"
_HOLD = """INSERT INTO custom_aliases (label, project_id, account_id, branch, held_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (label) DO UPDATE SET account_id = excluded.account_id, branch = excluded.branch, is_released = 0"""
_RELEASE = "UPDATE custom_aliases SET is_released = 1 WHERE label = ? AND project_id = ? AND NOT is_released"
_FORGET = "DELETE FROM custom_aliases WHERE label = ? AND project_id = ? AND is_released"


class SqliteCustomAliases(SqlitePart):
    """See `CustomAliases` in `store.port`."""

    def custom_aliases(self, project_id: str | None = None) -> list[CustomAlias]:
        """Return all, or a project's, by label."""
        where, values = ("", ()) if project_id is None else ("WHERE project_id = ?", (project_id,))

        def select(connection: sqlite3.Connection) -> list[CustomAlias]:
            return [_to_alias(row) for row in connection.execute(f"{_SELECT} {where} ORDER BY label", values)]

        return self._database.read(select)

    def holder(self, label: str) -> str | None:
        """Return the id of the project that a label is of."""
        values = (storable(label),)
        row = self._database.read(lambda connection: connection.execute(_HOLDER, values).fetchone())
        return None if row is None else str(row[0])

    def hold_alias(self, alias: CustomAlias, most: int | None) -> Count:
        """Let a project hold a label, unless its account holds `most` others; raises MissingError or ConflictError."""

        def hold(connection: sqlite3.Connection) -> Count:
            if connection.execute("SELECT 1 FROM projects WHERE id = ?", (alias.project_id,)).fetchone() is None:
                raise MissingError("project", alias.project_id)
            held = connection.execute(f"{_SELECT} WHERE label = ?", (alias.label,)).fetchone()
            (is_name,) = connection.execute(_IS_NAME, (alias.label,)).fetchone()
            if is_name or (held and _to_alias(held).project_id != alias.project_id):
                raise ConflictError(f"the hostname {alias.label!r} is taken")
            (others,) = connection.execute(_OTHERS, (alias.account_id, alias.label)).fetchone()
            if most is not None and others >= most:
                return Count(others, is_counted=False)
            branch = None if alias.branch is None else storable(alias.branch)
            at = to_microseconds(alias.held_at)
            connection.execute(_HOLD, (alias.label, alias.project_id, alias.account_id, branch, at))
            return Count(others + 1, is_counted=True)

        return self._database.write(hold)

    def held_aliases(self, account_id: int) -> int:
        """Return how many labels an account holds."""
        row = self._database.read(lambda connection: connection.execute(_OTHERS, (account_id, "")).fetchone())
        return int(row[0])

    def release_alias(self, alias: CustomAlias) -> bool:
        """Let a label follow nothing; False when it was not held."""
        values = (alias.label, alias.project_id)
        return bool(self._database.write(lambda connection: connection.execute(_RELEASE, values).rowcount))

    def forget_alias(self, alias: CustomAlias) -> None:
        """Forget a label that was released."""
        values = (alias.label, alias.project_id)
        self._database.write(lambda connection: connection.execute(_FORGET, values))


def _to_alias(row: tuple[Any, ...]) -> CustomAlias:
    label, project_id, account_id, branch, held_at, is_released = row
    return CustomAlias(label, project_id, account_id, branch, from_microseconds(held_at), bool(is_released))
