"""User access tokens, with which the App acts for somebody. Only their digests are kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database, Value
from battleshiper.infra.local.github.records.digest import digest

LIFETIME = timedelta(hours=8)
REFRESH_LIFETIME = timedelta(days=184)
"""https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A fresh token, and the one that it can be exchanged with for the next pair."""

    token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class UserToken:
    """What is known of a token. `repository_id` is the only one that it opens, if it was so wished."""

    id: int
    account: Account
    digest: str
    last_eight: str
    repository_id: int | None
    by_device: bool
    created_at: str
    updated_at: str
    expires_at: datetime


class UserTokens:
    """Hands out tokens and knows them again."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def issue(self, account: Account, repository_id: int | None = None, *, by_device: bool = False) -> Pair:
        """Return fresh tokens with which the App acts for `account`."""
        pair, now = _make(), self._clock()
        with self._database.transaction():
            self._database.write("DELETE FROM user_tokens WHERE refresh_expires_at <= ?", [now.timestamp()])
            self._database.write(
                "INSERT INTO user_tokens (digest, last_eight, refresh_digest, updated_at, expires_at,"
                " refresh_expires_at, account_key, repository_id, by_device, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [*self._values(pair), self._accounts.key(account), repository_id, by_device, write_moment(now)],
            )
        return pair

    def find(self, token: str) -> UserToken | None:
        """Return what is known of `token`; None for one that was never issued, has expired or was revoked."""
        return self._find("digest = ? AND expires_at > ?", [digest(token), self._clock().timestamp()])

    def find_refreshable(self, refresh_token: str) -> UserToken | None:
        """Return the token that `refresh_token` came with, expired or not."""
        now = self._clock().timestamp()
        return self._find("refresh_digest = ? AND refresh_expires_at > ?", [digest(refresh_token), now])

    def replace(self, known: UserToken) -> Pair | None:
        """Return the tokens that take the place of a known one, which ends; None when it has ended meanwhile."""
        pair = _make()
        with self._database.transaction():
            if self._find("digest = ?", [known.digest]) is None:
                return None
            self._database.write(
                "UPDATE user_tokens SET digest = ?, last_eight = ?, refresh_digest = ?, updated_at = ?,"
                " expires_at = ?, refresh_expires_at = ? WHERE id = ?",
                [*self._values(pair), known.id],
            )
        return pair

    def revoke(self, known: UserToken) -> None:
        """End a token, and its way to the next one."""
        self._database.write("DELETE FROM user_tokens WHERE digest = ?", [known.digest])

    def revoke_of(self, account: Account) -> bool:
        """End every token of somebody; return False when there was none."""
        with self._database.transaction():
            had_any = account in self.accounts()
            self._database.write("DELETE FROM user_tokens WHERE account_key = ?", [self._accounts.key(account)])
        return had_any

    def revoke_all(self) -> None:
        """End every token."""
        self._database.write("DELETE FROM user_tokens")

    def accounts(self) -> Sequence[Account]:
        """Return for whom the App can act now, or after a refresh."""
        rows = self._database.rows(
            "SELECT DISTINCT account_key FROM user_tokens WHERE refresh_expires_at > ? ORDER BY account_key",
            [self._clock().timestamp()],
        )
        return [self._accounts.holder(row["account_key"]) for row in rows]

    def _find(self, condition: str, values: Sequence[Value]) -> UserToken | None:
        row = self._database.row(f"SELECT * FROM user_tokens WHERE {condition}", values)  # noqa: S608 - ours, above
        return self._read(row) if row else None

    def _values(self, pair: Pair) -> list[Value]:
        now = self._clock()
        return [
            digest(pair.token),
            pair.token[-8:],
            digest(pair.refresh_token),
            write_moment(now),
            (now + LIFETIME).timestamp(),
            (now + REFRESH_LIFETIME).timestamp(),
        ]

    def _read(self, row: Row) -> UserToken:
        return UserToken(
            row["id"],
            self._accounts.holder(row["account_key"]),
            row["digest"],
            row["last_eight"],
            row["repository_id"],
            bool(row["by_device"]),
            row["created_at"],
            row["updated_at"],
            datetime.fromtimestamp(row["expires_at"], UTC),
        )


def _make() -> Pair:
    return Pair(f"ghu_{secrets.token_urlsafe(30)}", f"ghr_{secrets.token_urlsafe(60)}")
