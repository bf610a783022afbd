"""Authorization codes: what the browser carries from somebody's consent to the App. Only their digests are kept."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.digest import digest

LIFETIME = timedelta(minutes=10)
"""https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to: where the code was sent, and the `challenge` (PKCE) that its sender must meet."""

    account: Account
    redirect_uri: str
    challenge: str = ""


class Codes:
    """Hands out codes, each good once."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def issue(self, consent: Consent) -> str:
        """Return a fresh code for `consent`."""
        code, now = secrets.token_hex(10), self._clock()
        key, expires_at = self._accounts.key(consent.account), (now + LIFETIME).timestamp()
        with self._database.transaction():
            self._database.write("DELETE FROM authorization_codes WHERE expires_at <= ?", [now.timestamp()])
            self._database.write(
                "INSERT INTO authorization_codes VALUES (?, ?, ?, ?, ?)",
                [digest(code), key, consent.redirect_uri, consent.challenge, expires_at],
            )
        return code

    def spend(self, code: str) -> Consent | None:
        """Return what `code` stands for, which it does no more; None for one that is unknown, spent or too old."""
        with self._database.transaction():
            row = self._database.row(
                "SELECT * FROM authorization_codes WHERE digest = ? AND expires_at > ?",
                [digest(code), self._clock().timestamp()],
            )
            self._database.write("DELETE FROM authorization_codes WHERE digest = ?", [digest(code)])
        if row is None:
            return None
        return Consent(self._accounts.holder(row["account_key"]), row["redirect_uri"], row["challenge"])

    def clear(self) -> None:
        """Forget every code."""
        self._database.write("DELETE FROM authorization_codes")
