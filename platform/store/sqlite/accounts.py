"""Accounts in SQLite."""

import sqlite3
from collections.abc import Collection
from typing import Any

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.account import Account, Identity
from battleshiper.platform.model.reach import Reach, read_permissions, write_permissions
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.change import read_roles, write_roles
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_SELECT = "SELECT id, login, name, avatar_url, roles, epoch, created_at, signed_in_at FROM accounts"
_ONE = f"{_SELECT} WHERE id = ?"
_WELCOME = """INSERT INTO accounts (id, login, name, avatar_url, roles, epoch, created_at, signed_in_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6) ON CONFLICT (id) DO UPDATE SET login = excluded.login, name = excluded.name,
    avatar_url = excluded.avatar_url, roles = excluded.roles, signed_in_at = excluded.signed_in_at"""
_END_SESSIONS = """UPDATE accounts SET epoch = max(epoch + 1, ?), user_tokens = NULL, permissions = NULL,
    permissions_at = NULL WHERE id = ?"""


class SqliteAccounts(SqlitePart):
    """See `Accounts` in `store.port`."""

    def accounts(self) -> list[Account]:
        """Return all accounts by login."""
        return self._database.read(
            lambda connection: [_to_account(row) for row in connection.execute(f"{_SELECT} ORDER BY login, id")]
        )

    def account(self, account_id: int) -> Account:
        """Return an account; raises MissingError."""
        return self._database.read(lambda connection: _find(connection, account_id))

    def welcome(self, identity: Identity, roles: Collection[Role] = ()) -> Account:
        """Return the account of somebody who signs in, made or brought up to date; `roles` are added to theirs."""
        texts = (storable(identity.login), storable(identity.name), storable(identity.avatar_url))

        def welcome(connection: sqlite3.Connection) -> Account:
            row = connection.execute("SELECT roles FROM accounts WHERE id = ?", (identity.id,)).fetchone()
            all_roles = {*roles, *(read_roles(row[0]) if row else ())}
            connection.execute(_WELCOME, (identity.id, *texts, write_roles(all_roles), self._now()))
            return _find(connection, identity.id)

        return self._database.write(welcome)

    def set_roles(self, account_id: int, roles: Collection[Role]) -> Account:
        """Give an account these roles and no others; raises MissingError."""

        def set_roles(connection: sqlite3.Connection) -> Account:
            connection.execute("UPDATE accounts SET roles = ? WHERE id = ?", (write_roles(roles), account_id))
            return _find(connection, account_id)

        return self._database.write(set_roles)

    def end_sessions(self, account_id: int) -> None:
        """End every session of an account and forget what lets us ask GitHub on its behalf."""
        values = (self._now(), account_id)
        self._database.write(lambda connection: connection.execute(_END_SESSIONS, values))

    def delete_account(self, account_id: int) -> bool:
        """Forget an account and what belongs to it; False when there is none."""
        return bool(
            self._database.write(
                lambda connection: connection.execute("DELETE FROM accounts WHERE id = ?", (account_id,)).rowcount
            )
        )

    def user_tokens(self, account_id: int) -> str | None:
        """Return an account's tokens for GitHub, sealed as they were given; None when there are none."""
        row = self._read("user_tokens", account_id)
        return row[0] if row else None

    def keep_user_tokens(self, account_id: int, sealed: str | None) -> None:
        """Keep an account's tokens for GitHub, or none any longer. Raises MissingError without the account."""
        self._update("user_tokens = ?", account_id, sealed)

    def reach(self, account_id: int) -> Reach | None:
        """Return what GitHub last said of what an account may see, None before it was asked."""
        row = self._read("permissions, permissions_at", account_id)
        return Reach(read_permissions(row[0]), from_microseconds(row[1])) if row and row[0] is not None else None

    def keep_reach(self, account_id: int, reach: Reach) -> None:
        """Keep what GitHub said. Raises MissingError without the account."""
        text = write_permissions(reach.permissions)
        self._update("permissions = ?, permissions_at = ?", account_id, text, to_microseconds(reach.read_at))

    def _read(self, columns: str, account_id: int) -> Any:
        statement = f"SELECT {columns} FROM accounts WHERE id = ?"  # noqa: S608 - columns are written above
        return self._database.read(lambda connection: connection.execute(statement, (account_id,)).fetchone())

    def _update(self, change: str, account_id: int, *values: object) -> None:
        statement = f"UPDATE accounts SET {change} WHERE id = ?"  # noqa: S608 - changes are written above
        if not self._database.write(lambda connection: connection.execute(statement, (*values, account_id)).rowcount):
            raise MissingError("account", account_id)


def _find(connection: sqlite3.Connection, account_id: int) -> Account:
    row = connection.execute(_ONE, (account_id,)).fetchone()
    if row is None:
        raise MissingError("account", account_id)
    return _to_account(row)


def _to_account(row: Any) -> Account:
    id_, login, name, avatar_url, roles, epoch, created_at, signed_in_at = row
    return Account(
        id_,
        login,
        name,
        avatar_url,
        read_roles(roles),
        epoch,
        from_microseconds(created_at),
        from_microseconds(signed_in_at),
    )
