"""Things that may be used once, in SQLite."""

import sqlite3
from datetime import datetime, timedelta

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.store.port import Claim, SpentError
from battleshiper.platform.store.sqlite.deployment_rows import find_deployment
from battleshiper.platform.store.sqlite.part import SqlitePart

_KEPT = timedelta(days=1)
"""How long a spent ticket is remembered after its end, in case a clock is set back."""
_SPEND_TICKET = "INSERT INTO spent_tickets (id, spender, expires_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING"
_SPEND_CLAIM = (
    "UPDATE claims SET spent = :attempt WHERE sha256 = :sha256 AND expires_at > :now "
    "AND spent < :attempt AND attempts >= :attempt RETURNING deployment_id, expires_at, attempts, spent"
)
_ADD_CLAIM = "INSERT OR REPLACE INTO claims (sha256, deployment_id, expires_at, attempts, spent) VALUES (?, ?, ?, ?, ?)"


class SqliteOneTime(SqlitePart):
    """See `OneTime` in `store.port`."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        """Mark a ticket as used by `spender`, who may come again; anybody else gets SpentError."""
        forgotten = to_microseconds(self._clock() - _KEPT)

        def spend(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM spent_tickets WHERE expires_at < ?", (forgotten,))
            connection.execute(_SPEND_TICKET, (ticket_id, spender, to_microseconds(expires_at)))
            (found,) = connection.execute("SELECT spender FROM spent_tickets WHERE id = ?", (ticket_id,)).fetchone()
            if found != spender:
                raise SpentError("the ticket was used by another event")

        self._database.write(spend)

    def add_claim(self, claim: Claim) -> None:
        """Add a claim, which ends earlier ones of the same deployment; raises MissingError without a deployment."""

        def add(connection: sqlite3.Connection) -> None:
            find_deployment(connection, claim.deployment_id)
            values = (claim.sha256, claim.deployment_id, to_microseconds(claim.expires_at), claim.attempts, claim.spent)
            connection.execute(_ADD_CLAIM, values)

        self._database.write(add)

    def spend_claim(self, sha256: str, attempt: int = 1) -> Claim:
        """Use a claim for an attempt and return it; raises SpentError when it is unknown, used or too old."""
        values = {"sha256": sha256, "attempt": attempt, "now": self._now()}
        row = self._database.write(lambda connection: connection.execute(_SPEND_CLAIM, values).fetchone())
        if row is None:
            raise SpentError("the claim is unknown, used or too old")
        deployment_id, expires_at, attempts, spent = row
        return Claim(sha256, deployment_id, from_microseconds(expires_at), attempts, spent)
