"""Access tokens in SQLite."""

import sqlite3
from typing import Any

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.access_token import AccessToken, Scope
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_OF_ACCOUNT = "SELECT * FROM access_tokens WHERE account_id = ? AND expires_at > ? ORDER BY created_at DESC, id"
_ONE = "SELECT * FROM access_tokens WHERE account_id = ? AND id = ? AND expires_at > ?"
_ADD = "INSERT INTO access_tokens SELECT ?1, id, ?3, ?4, ?5, ?6, ?7 FROM accounts WHERE id = ?2"
_END = "DELETE FROM access_tokens WHERE account_id = ? AND id = ?"


class SqliteAccessTokens(SqlitePart):
    """See `AccessTokens` in `store.port`."""

    def access_tokens(self, account_id: int) -> list[AccessToken]:
        """Return an account's tokens that have not expired, the newest first."""
        values = (account_id, self._now())
        return self._database.read(
            lambda connection: [_to_token(row) for row in connection.execute(_OF_ACCOUNT, values)]
        )

    def access_token(self, account_id: int, token_id: str) -> AccessToken:
        """Return a token that has not expired; raises MissingError."""
        values = (account_id, storable(token_id), self._now())
        row = self._database.read(lambda connection: connection.execute(_ONE, values).fetchone())
        if row is None:
            raise MissingError("access token", token_id)
        return _to_token(row)

    def add_access_token(self, token: AccessToken) -> None:
        """Keep a new token; those that have expired are forgotten. Raises MissingError without its account."""
        values = (
            token.id,
            token.account_id,
            storable(token.name),
            " ".join(sorted(token.scopes)),
            token.sha256,
            to_microseconds(token.created_at),
            to_microseconds(token.expires_at),
        )
        now = self._now()

        def add(connection: sqlite3.Connection) -> int:
            connection.execute("DELETE FROM access_tokens WHERE expires_at <= ?", (now,))
            return connection.execute(_ADD, values).rowcount

        if not self._database.write(add):
            raise MissingError("account", token.account_id)

    def end_access_token(self, account_id: int, token_id: str) -> bool:
        """End a token; False when there is none."""
        values = (account_id, storable(token_id))
        return bool(self._database.write(lambda connection: connection.execute(_END, values).rowcount))


def _to_token(row: Any) -> AccessToken:
    id_, account_id, name, scopes, sha256, created_at, expires_at = row
    return AccessToken(
        id_,
        account_id,
        name,
        frozenset(map(Scope, scopes.split())),
        sha256,
        from_microseconds(created_at),
        from_microseconds(expires_at),
    )
