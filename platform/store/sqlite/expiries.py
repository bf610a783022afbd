"""Deployments that have been kept long enough, in SQLite."""

import json
import sqlite3
from collections.abc import Collection

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.port import ConflictError, Expiring
from battleshiper.platform.store.sqlite.deployment_rows import (
    COLUMNS,
    find_deployment,
    select_deployments,
    to_deployment,
)
from battleshiper.platform.store.sqlite.part import SqlitePart

_KEPT = """project_id = ? AND state = 'ready' AND expired_at IS NULL
    AND EXISTS (SELECT 1 FROM aliases WHERE deployment_id = deployments.id AND NOT moves) ORDER BY number"""
_POINTING = "SELECT label FROM aliases WHERE deployment_id = ? ORDER BY label"
_EXPIRE = f"""UPDATE deployments SET expired_at = ?1, updated_at = ?1, version = version + 1 WHERE id = ?2
    RETURNING {COLUMNS}"""  # noqa: S608 - constants
_NOTED = "SELECT deployment_id, labels FROM expiring ORDER BY deployment_id"


class SqliteExpiries(SqlitePart):
    """See `Expiries` in `store.port`."""

    def kept(self, project_id: str) -> list[Deployment]:
        """Return a project's deployments that are ready and have a label of their own, oldest first."""
        return self._database.read(lambda connection: select_deployments(connection, _KEPT, project_id))

    def expire(self, deployment: Deployment, labels: Collection[str]) -> Expiring:
        """Let a ready deployment expire; raises MissingError or ConflictError."""

        def expire(connection: sqlite3.Connection) -> Expiring:
            current = find_deployment(connection, deployment.id)
            if current != deployment or current.expired_at is not None or current.state is not State.READY:
                raise ConflictError(f"deployment {deployment.id!r} is not as it was any more")
            pointing = [label for (label,) in connection.execute(_POINTING, (current.id,))]
            if others := set(pointing) - set(labels):
                raise ConflictError(f"{min(others)!r} points to deployment {current.id!r}")
            connection.execute("DELETE FROM aliases WHERE deployment_id = ?", (current.id,))
            connection.execute(
                "INSERT INTO expiring (deployment_id, labels) VALUES (?, ?)", (current.id, json.dumps(pointing))
            )
            expired = to_deployment(connection.execute(_EXPIRE, (self._now(), current.id)).fetchone())
            self._enqueue(
                connection,
                [changed(expired.id, expired.project_id, expired.commit.sha, expired.version, expired.state)],
            )
            return Expiring(expired, tuple(pointing))

        return self._database.write(expire)

    def expiring(self) -> list[Expiring]:
        """Return the expired deployments that are not cleared away yet."""

        def find(connection: sqlite3.Connection) -> list[Expiring]:
            return [
                Expiring(find_deployment(connection, deployment_id), tuple(json.loads(labels)))
                for deployment_id, labels in connection.execute(_NOTED).fetchall()
            ]

        return self._database.read(find)

    def forget_expiring(self, expiring: Expiring) -> None:
        """Note that an expired deployment is cleared away."""
        forget = "DELETE FROM expiring WHERE deployment_id = ?"
        self._database.write(lambda connection: connection.execute(forget, (expiring.deployment.id,)))
