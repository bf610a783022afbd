"""Accounts: the owner's, the App's own, and those of other people."""

import secrets
from dataclasses import dataclass
from sqlite3 import Row
from typing import Literal

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.digest import digest
from battleshiper.infra.local.github.settings import LOGIN, GitHubSettings

_FIRST_ID = 30_000  # above the owner's


class LoginRefusedError(ValueError):
    """Nobody can be called so; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `kind` is `User`, `Organization` or `Bot`."""

    id: int
    login: str
    kind: str


def owner_of(settings: GitHubSettings) -> Account:
    """Return the account that the settings name."""
    return Account(settings.owner_id, settings.owner_login, settings.owner_type)


class Accounts:
    """Everybody. Names are compared without regard to case; only the numbers never change."""

    def __init__(self, settings: GitHubSettings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    @property
    def owner(self) -> Account:
        """The account that the settings name, on which the App is installed."""
        return owner_of(self._settings)

    @property
    def bot(self) -> Account:
        """The account under which the App acts."""
        return Account(self._settings.owner_id + 1_000_000, self._settings.bot_login, "Bot")

    def get(self, account_id: int) -> Account | None:
        """Return the account of this number."""
        for known in (self.owner, self.bot):
            if account_id == known.id:
                return known
        row = self._database.row("SELECT * FROM accounts WHERE id = ?", [account_id])
        return _read(row) if row else None

    def find(self, login: str) -> Account | None:
        """Return the person or the organisation of this name."""
        if login.lower() == self._settings.owner_login.lower():
            return self.owner
        row = self._database.row("SELECT * FROM accounts WHERE login = ?", [login])
        return _read(row) if row else None

    def author(self, login: str) -> Account:
        """Return who made a thing that `login` is recorded for: whoever is nobody else is the App."""
        return self.find(login) or self.bot

    def holder(self, key: int) -> Account:
        """Return the account that a record's `key` stands for (see `key`)."""
        return (self.get(key) if key else None) or self.owner

    def key(self, account: Account) -> int:
        """Return what stands for the account in records: 0 for the owner, whose number is the settings' business."""
        return 0 if account.id == self._settings.owner_id else account.id

    def register(self, login: str, kind: Literal["User", "Organization"] = "User") -> tuple[Account, str]:
        """Return the account of this name, made at first, and a fresh token of it. Raises LoginRefusedError, also for
        the owner, whose token is at home."""
        if not LOGIN.fullmatch(login):
            raise LoginRefusedError(f"{login[:40]!r} is not a name that GitHub gives to accounts")
        token = f"ghp_{secrets.token_urlsafe(30)}"
        with self._database.transaction():
            account = self.find(login)
            if account == self.owner:
                raise LoginRefusedError(f"{login} is the owner, whose token is in the stand-in's data directory")
            if account is None:
                number = 1 + self._database.count("SELECT coalesce(max(id), ?) FROM accounts", [_FIRST_ID])
                self._database.write(
                    "INSERT INTO accounts VALUES (?, ?, ?, ?)", [number, login, kind, write_moment(self._clock())]
                )
                account = Account(number, login, kind)
            self._database.write("INSERT INTO personal_tokens VALUES (?, ?)", [digest(token), account.id])
        return account, token

    def people(self) -> list[Account]:
        """Return everybody who is a person, the owner first."""
        rows = self._database.rows("SELECT * FROM accounts WHERE kind = 'User' ORDER BY login")
        return [one for one in (self.owner, *map(_read, rows)) if one.kind == "User"]

    def of_token(self, token: str) -> Account | None:
        """Return whose personal token this is; the owner's is not among them."""
        row = self._database.row(
            "SELECT accounts.* FROM accounts JOIN personal_tokens ON account_id = id WHERE digest = ?", [digest(token)]
        )
        return _read(row) if row else None


def _read(row: Row) -> Account:
    return Account(row["id"], row["login"], row["kind"])
