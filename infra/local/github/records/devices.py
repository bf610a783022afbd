"""Devices: programs without a browser, which wait until somebody enters their code in one."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database, Value
from battleshiper.infra.local.github.records.digest import digest

LIFETIME = timedelta(minutes=15)
PACE = 5
"""Seconds between two questions at first. Both are in https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app"""

_REMEMBERED = timedelta(days=1)  # for which a device is told that it is too late
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # without vowels they make no words (RFC 8628, 6.1)


class Standing(StrEnum):
    """What somebody said of a device."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Device:
    """A device. `account` is who accepted it; moments are seconds since 1970."""

    user_code: str
    standing: Standing
    account: Account
    pace: int
    asked_at: float
    expires_at: float


class Devices:
    """Remembers devices. Of the codes that they hold only digests are kept."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def begin(self) -> tuple[str, str]:
        """Return the code for a new device to hold, and the one for a person to enter."""
        code, now = secrets.token_hex(20), self._clock()
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        user_code = f"{letters[:4]}-{letters[4:]}"
        with self._database.transaction():
            self._database.write("DELETE FROM devices WHERE expires_at <= ?", [(now - _REMEMBERED).timestamp()])
            self._database.write(
                "INSERT INTO devices (digest, user_code, standing, pace, asked_at, expires_at)"
                " VALUES (?, ?, ?, ?, 0, ?)",
                [digest(code), user_code, Standing.WAITING, PACE, (now + LIFETIME).timestamp()],
            )
        return code, user_code

    def waiting(self, entered: str) -> str | None:
        """Return the code that somebody `entered`, as it was given out, where a device still waits for it."""
        letters = "".join(letter for letter in entered.upper() if letter in _LETTERS)
        wanted: list[Value] = [f"{letters[:4]}-{letters[4:]}", Standing.WAITING, self._clock().timestamp()]
        row = self._database.row(
            "SELECT user_code FROM devices WHERE user_code = ? AND standing = ? AND expires_at > ?",
            wanted,
        )
        return row["user_code"] if row else None

    def accept(self, user_code: str, account: Account) -> None:
        """Let the waiting device act for somebody."""
        self._settle(user_code, Standing.ACCEPTED, self._accounts.key(account))

    def deny(self, user_code: str) -> None:
        """Turn the waiting device away."""
        self._settle(user_code, Standing.DENIED, 0)

    def find(self, code: str) -> Device | None:
        """Return the device that holds this code."""
        row = self._database.row("SELECT * FROM devices WHERE digest = ?", [digest(code)])
        return self._read(row) if row else None

    def asked(self, code: str, pace: int) -> None:
        """Note that a device asked just now, and how long it is to wait before it asks again."""
        self._database.write(
            "UPDATE devices SET asked_at = ?, pace = ? WHERE digest = ?",
            [self._clock().timestamp(), pace, digest(code)],
        )

    def forget(self, code: str) -> None:
        """Forget the device that holds this code."""
        self._database.write("DELETE FROM devices WHERE digest = ?", [digest(code)])

    def clear(self) -> None:
        """Forget every device."""
        self._database.write("DELETE FROM devices")

    def _settle(self, user_code: str, standing: Standing, key: int) -> None:
        self._database.write(
            "UPDATE devices SET standing = ?, account_key = ? WHERE user_code = ? AND standing = ?",
            [standing, key, user_code, Standing.WAITING],
        )

    def _read(self, row: Row) -> Device:
        return Device(
            row["user_code"],
            Standing(row["standing"]),
            self._accounts.holder(row["account_key"]),
            row["pace"],
            row["asked_at"],
            row["expires_at"],
        )
