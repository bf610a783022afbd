"""Accounts in DynamoDB."""

from collections.abc import Collection

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.account import Account, Identity
from battleshiper.platform.model.reach import Reach, read_permissions, write_permissions
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.change import read_roles, write_roles
from battleshiper.platform.store.dynamodb.account_keys import account_key, account_partition, reach_key, user_tokens_key
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import shards
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Value, key_of, keyed, setting
from battleshiper.platform.store.port import MissingError


class DynamoAccounts(DynamoPart):
    """See `Accounts` in `store.port`."""

    def accounts(self) -> list[Account]:
        """Return all accounts by login."""
        rows = (row for shard in shards("ACCOUNTS") for row in self._rows.below(shard))
        return sorted(map(_to_account, rows), key=lambda account: (account.login, account.id))

    def account(self, account_id: int) -> Account:
        """Return an account; raises MissingError."""
        row = self._rows.find(account_key(account_id))
        if row is None:
            raise MissingError("account", account_id)
        return _to_account(row)

    def welcome(self, identity: Identity, roles: Collection[Role] = ()) -> Account:
        """Return the account of somebody who signs in, made or brought up to date; `roles` are added to theirs."""
        key, now = account_key(identity.id), self._now()
        values: dict[str, Value] = {
            "login": identity.login,
            "name": identity.name,
            "avatar_url": identity.avatar_url,
            "signed_in_at": now,
        }

        def welcome() -> None:
            row, transaction = self._rows.find(key), Transaction()
            if row is None:
                new = {**values, "id": identity.id, "epoch": now, "created_at": now, "roles": write_roles(roles)}
                transaction.put(keyed(key, new), IS_NEW)
            else:
                seen = {"epoch": row["epoch"], "seen_roles": row["roles"]}
                more = {**values, "roles": write_roles({*read_roles(row["roles"]), *roles})}
                transaction.update(key, setting(more), "#epoch = :epoch AND #roles = :seen_roles", {**more, **seen})
            self._rows.commit(transaction)

        self._again(welcome)
        return self.account(identity.id)

    def set_roles(self, account_id: int, roles: Collection[Role]) -> Account:
        """Give an account these roles and no others; raises MissingError."""
        values = {"roles": write_roles(roles)}
        row = self._again(lambda: self._rows.update(account_key(account_id), setting(values), IS_THERE, values))
        if row is None:
            raise MissingError("account", account_id)
        return _to_account(row)

    def end_sessions(self, account_id: int) -> None:
        """End every session of an account and forget what lets us ask GitHub on its behalf."""
        values = {"step": 1}
        self._again(lambda: self._rows.update(account_key(account_id), "SET #epoch = #epoch + :step", IS_THERE, values))
        self._rows.delete_all([user_tokens_key(account_id), reach_key(account_id)])

    def delete_account(self, account_id: int) -> bool:
        """Forget an account and what belongs to it; False when there is none."""
        is_gone = self._again(lambda: self._rows.delete(account_key(account_id), IS_THERE))
        self._rows.delete_all(key_of(row) for row in self._rows.below(account_partition(account_id)))
        return is_gone

    def user_tokens(self, account_id: int) -> str | None:
        """Return an account's tokens for GitHub, sealed as they were given; None when there are none."""
        row = self._rows.find(user_tokens_key(account_id))
        return row.get("sealed") if row else None

    def keep_user_tokens(self, account_id: int, sealed: str | None) -> None:
        """Keep an account's tokens for GitHub, or none any longer. Raises MissingError without the account."""
        self._keep(account_id, keyed(user_tokens_key(account_id), {"sealed": sealed}))

    def reach(self, account_id: int) -> Reach | None:
        """Return what GitHub last said of what an account may see, None before it was asked."""
        row = self._rows.find(reach_key(account_id))
        return Reach(read_permissions(row["permissions"]), from_microseconds(row["read_at"])) if row else None

    def keep_reach(self, account_id: int, reach: Reach) -> None:
        """Keep what GitHub said. Raises MissingError without the account."""
        permissions, read_at = write_permissions(reach.permissions), to_microseconds(reach.read_at)
        self._keep(account_id, keyed(reach_key(account_id), {"permissions": permissions, "read_at": read_at}))

    def _keep(self, account_id: int, row: dict[str, Value | None]) -> None:
        def keep() -> None:
            transaction = Transaction()
            transaction.check(account_key(account_id), IS_THERE, refusal=MissingError("account", account_id))
            transaction.put(row)
            self._rows.commit(transaction)

        self._again(keep)


def _to_account(row: Row) -> Account:
    return Account(
        row["id"],
        row["login"],
        row["name"],
        row["avatar_url"],
        read_roles(row["roles"]),
        row["epoch"],
        from_microseconds(row["created_at"]),
        from_microseconds(row["signed_in_at"]),
    )
