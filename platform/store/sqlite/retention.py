"""What is forgotten in time, in SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.store.sqlite.part import SqlitePart

_DELIVERIES = "SELECT sequence, received_at, decisions FROM deliveries ORDER BY sequence"
_NEEDED = """SELECT 1 FROM deployments WHERE id = ? AND (finished_at IS NULL
    OR EXISTS (SELECT 1 FROM aliases WHERE deployment_id = deployments.id AND moves))"""
_FORGET_DELIVERY = "DELETE FROM deliveries WHERE sequence = ? AND received_at = ?"
_FAILURES = "SELECT id FROM deployments WHERE state <> 'ready' AND finished_at < ? ORDER BY finished_at LIMIT ?"
_FORGET_FAILURE = "DELETE FROM deployments WHERE id = ? AND state <> 'ready' AND finished_at IS NOT NULL"
_FORGET_TICKETS = "DELETE FROM spent_tickets WHERE id IN (SELECT id FROM spent_tickets WHERE expires_at < ? LIMIT ?)"
_FORGET_CLAIMS = "DELETE FROM claims WHERE sha256 IN (SELECT sha256 FROM claims WHERE expires_at < ? LIMIT ?)"


class SqliteRetention(SqlitePart):
    """See `Retention` in `store.port`."""

    def forget_deliveries(self, before: datetime, limit: int) -> int:
        """Forget old deliveries but for those that are still of use; return how many."""
        # Looked for outside of the write, which must be short: what is not needed now never will be.
        old = self._database.read(lambda connection: _old_deliveries(connection, to_microseconds(before), limit))
        self._database.write(lambda connection: connection.executemany(_FORGET_DELIVERY, old))
        return len(old)

    def failures(self, before: datetime, limit: int) -> list[str]:
        """Return the ids of old deployments that were never ready, oldest first."""
        values = (to_microseconds(before), limit)
        return self._database.read(lambda connection: [id_ for (id_,) in connection.execute(_FAILURES, values)])

    def forget_failures(self, ids: Sequence[str]) -> None:
        """Forget deployments that were never ready."""
        values = [(id_,) for id_ in ids]
        self._database.write(lambda connection: connection.executemany(_FORGET_FAILURE, values))

    def forget_spent(self, before: datetime, limit: int) -> int:
        """Forget old tickets and claims; return how many."""
        values = (to_microseconds(before), limit)
        return self._database.write(
            lambda connection: sum(
                connection.execute(statement, values).rowcount for statement in (_FORGET_TICKETS, _FORGET_CLAIMS)
            )
        )


def _old_deliveries(connection: sqlite3.Connection, before: int, limit: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for sequence, received_at, decisions in connection.execute(_DELIVERIES):
        if received_at >= before or len(found) == limit:
            break
        deployments = [deployment_id for *_, deployment_id in json.loads(decisions) if deployment_id]
        if not any(connection.execute(_NEEDED, (each,)).fetchone() for each in deployments):
            found.append((sequence, received_at))
    return found
