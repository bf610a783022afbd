"""Aliases in SQLite."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.change import LATE, Change
from battleshiper.platform.store.port import Alias, ConflictError, MissingError
from battleshiper.platform.store.sqlite.alias_rows import SELECT, find_alias, note_shown, put_alias, to_alias
from battleshiper.platform.store.sqlite.deployment_rows import find_deployment
from battleshiper.platform.store.sqlite.pull_rows import find_retirement_of
from battleshiper.platform.store.sqlite.transitions import SqliteTransitions

_PORTABLE = "UPDATE deployments SET is_portable = 1 WHERE id = ?"


class SqliteAliases(SqliteTransitions):
    """See `Aliases` in `store.port`."""

    def aliases(self, project_id: str | None = None) -> list[Alias]:
        """Return all aliases, or a project's, by label."""

        def select(connection: sqlite3.Connection) -> list[Alias]:
            where, values = ("true", ()) if project_id is None else ("project_id = ?", (project_id,))
            rows = connection.execute(f"{SELECT} WHERE {where} ORDER BY label", values)
            return [to_alias(*row) for row in rows]

        return self._database.read(select)

    def go_live(
        self,
        deployment: Deployment,
        *,
        own: str,
        moving: Sequence[str],
        url: str,
        function: str | None,
        reason: str = "",
        is_portable: bool = False,
    ) -> Deployment:
        """Point the labels to a deployment and make it ready, or superseded; raises MissingError or ConflictError."""

        def publish(connection: sqlite3.Connection) -> Deployment:
            wanted = find_deployment(connection, deployment.id)
            if wanted.state is State.READY:
                return wanted
            if wanted.state is not State.DEPLOYING:
                raise ConflictError(f"deployment {wanted.id!r} is {wanted.state} and cannot go live")
            labels = [*moving, own]
            current = {label: find_alias(connection, label) for label in labels}
            for label, alias in current.items():
                owner = alias.project_id if alias else _project_named(connection, label)
                if owner not in (None, wanted.project_id):
                    raise ConflictError(f"the hostname {label!r} belongs to another project")
            if any(alias and alias.newest > wanted.number for alias in current.values()):
                return self._advance(connection, wanted, Change(State.SUPERSEDED, reason=LATE))
            if retirement := find_retirement_of(connection, wanted):
                return self._advance(connection, wanted, Change(State.CANCELED, reason=retirement.reason))
            note_shown(connection, [alias.deployment_id for alias in current.values() if alias], self._now())
            for label in labels:
                put_alias(connection, Alias(label, wanted.project_id, wanted.id, wanted.number, label != own))
            if is_portable:
                connection.execute(_PORTABLE, (wanted.id,))
            return self._advance(connection, wanted, Change(State.READY, reason, url, function))

        return self._database.write(publish)

    def move_alias(self, label: str, deployment: Deployment) -> Alias:
        """Point an existing label to any ready deployment of its project; raises MissingError or ConflictError."""

        def move(connection: sqlite3.Connection) -> Alias:
            wanted = find_deployment(connection, deployment.id)
            current = find_alias(connection, label)
            if current is None:
                raise MissingError("alias", label)
            if current.project_id != wanted.project_id:
                raise ConflictError(f"the hostname {label!r} belongs to another project")
            if not current.moves:
                raise ConflictError(f"the hostname {label!r} is a deployment's own and never moves")
            if wanted.state is not State.READY:
                raise ConflictError(f"deployment {wanted.id!r} is {wanted.state} and cannot be served")
            if wanted.expired_at is not None:
                raise ConflictError(f"deployment {wanted.id!r} has expired and cannot be served")
            note_shown(connection, [current.deployment_id, wanted.id], self._now())
            newest = max(current.newest, wanted.number)
            return put_alias(connection, Alias(label, current.project_id, wanted.id, newest, current.moves))

        return self._database.write(move)


def _project_named(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT id FROM projects WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])
