"""Installation tokens. Only their digests are kept, as the tokens themselves are worth stealing."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.digest import digest

LIFETIME = timedelta(hours=1)
"""https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app"""

_BYTES = 96  # GitHub says that its tokens may have any length, so ours have an uncommon one


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token opens. `repository_ids` of None means every repository of the installation."""

    repository_ids: frozenset[int] | None
    permissions: Mapping[str, str]


class Tokens:
    """Hands out tokens and knows them again until they expire."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def issue(self, scope: TokenScope) -> tuple[str, datetime]:
        """Return a fresh token for `scope` and the moment of its end."""
        token = f"ghs_{secrets.token_urlsafe(_BYTES)}"
        expires_at = self._clock() + LIFETIME
        ids = None if scope.repository_ids is None else json.dumps(sorted(scope.repository_ids))
        with self._database.transaction():
            self._database.write("DELETE FROM tokens WHERE expires_at <= ?", [self._clock().timestamp()])
            self._database.write(
                "INSERT INTO tokens VALUES (?, ?, ?, ?)",
                [digest(token), expires_at.timestamp(), ids, json.dumps(dict(scope.permissions))],
            )
        return token, expires_at

    def find(self, token: str) -> TokenScope | None:
        """Return what `token` opens, or None for one that was never issued, has expired or was revoked."""
        row = self._database.row(
            "SELECT * FROM tokens WHERE digest = ? AND expires_at > ?", [digest(token), self._clock().timestamp()]
        )
        if row is None:
            return None
        ids = None if row["repository_ids"] is None else frozenset(json.loads(row["repository_ids"]))
        return TokenScope(ids, json.loads(row["permissions"]))

    def revoke(self, token: str) -> None:
        """End a token before its time."""
        self._database.write("DELETE FROM tokens WHERE digest = ?", [digest(token)])

    def revoke_all(self) -> None:
        """End every token."""
        self._database.write("DELETE FROM tokens")
