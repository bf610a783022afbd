"""Administration: what those who run the platform do to accounts. All of it is written down."""

from collections.abc import Callable, Collection
from datetime import datetime

from battleshiper.platform.accounts.caller import Caller, require
from battleshiper.platform.model.account import Account
from battleshiper.platform.model.audit import AuditEntry
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.role import Right, Role
from battleshiper.platform.model.subscription import Subscription, check_subscription
from battleshiper.platform.store.port import Store


class AdministrationRefusedError(Exception):
    """It cannot be done; the message says why."""


class Administration:
    """Every method raises ForbiddenError without the right for it, and MissingError without the account."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def find(self, caller: Caller, text: str = "") -> list[Account]:
        """Return the accounts whose login or name has `text` in it, or whose number it is, by login."""
        require(caller, Right.READ_USERS)
        wanted = text.strip().lower()
        return [
            account
            for account in self._store.accounts()
            if wanted in account.login.lower() or wanted in account.name.lower() or wanted == str(account.id)
        ]

    def account(self, caller: Caller, account_id: int) -> Account:
        """Return an account."""
        require(caller, Right.READ_USERS)
        return self._store.account(account_id)

    def set_roles(self, caller: Caller, account_id: int, roles: Collection[Role]) -> Account:
        """Give an account these roles and no others. Raises AdministrationRefusedError where nobody would be left to
        give roles."""
        require(caller, Right.WRITE_ROLES)
        before = self._store.account(account_id)
        if Role.ROLE_MANAGER in before.roles and Role.ROLE_MANAGER not in roles and self._is_last(before):
            raise AdministrationRefusedError(
                f"{before.login} is the only role manager: make somebody else one first, or nobody could give roles."
            )
        after = self._store.set_roles(account_id, roles)
        self.record_roles(caller, "roles.set", before, after)
        return after

    def end_sessions(self, caller: Caller, account_id: int) -> None:
        """End all sessions of an account, so that they must sign in again."""
        require(caller, Right.WRITE_USERS)
        account = self._store.account(account_id)
        self._store.end_sessions(account_id)
        self.record(caller, "sessions.end", account.signature)

    def delete(self, caller: Caller, account_id: int) -> None:
        """Forget an account with its sessions and tokens. Its projects stay: they are GitHub's installation's. Raises
        AdministrationRefusedError for the only role manager."""
        require(caller, Right.WRITE_USERS)
        account = self._store.account(account_id)
        if Role.ROLE_MANAGER in account.roles and self._is_last(account):
            raise AdministrationRefusedError(f"{account.login} is the only role manager: make somebody else one first.")
        self._store.delete_account(account_id)
        self.record(caller, "account.delete", account.signature, _words(account.roles))

    def keep_subscription(self, caller: Caller, subscription: Subscription) -> None:
        """Make a subscription, or change what it limits; raises SubscriptionRefusedError."""
        require(caller, Right.WRITE_SUBSCRIPTIONS)
        check_subscription(subscription)
        before = next((each for each in self._store.subscriptions() if each.name == subscription.name), None)
        self._store.keep_subscription(subscription)
        words = (_limits(before) if before else "", _limits(subscription))
        self.record(caller, "subscription.keep", subscription.name, *words)

    def subscribe(self, caller: Caller, account_id: int, name: str) -> None:
        """Give an account a subscription; raises MissingError when there is none of this name."""
        require(caller, Right.WRITE_SUBSCRIPTIONS)
        before = self._store.subscription_of(account_id)
        self._store.subscribe(account_id, name)
        self.record(caller, "account.subscribe", f"account {account_id}", before.name, name)

    def audit(self, caller: Caller, limit: int) -> list[AuditEntry]:
        """Return what was done last, newest first."""
        require(caller, Right.READ_LOGS)
        return list(self._store.audit(limit))

    def record(self, caller: Caller, action: str, subject: str, before: str = "", after: str = "") -> None:
        """Write down what somebody has done."""
        entry = AuditEntry(new_identifier(), self._clock(), caller.signature, action, subject, before, after)
        self._store.record(entry)

    def record_roles(self, caller: Caller, action: str, before: Account, after: Account) -> None:
        """Write down that an account has other roles now."""
        self.record(caller, action, before.signature, _words(before.roles), _words(after.roles))

    def _is_last(self, account: Account) -> bool:
        others = (each for each in self._store.accounts() if each.id != account.id)
        return not any(Role.ROLE_MANAGER in each.roles for each in others)


def _limits(subscription: Subscription) -> str:
    return " ".join(f"{limit}={most}" for limit, most in sorted(subscription.limits.items()))


def _words(roles: Collection[Role]) -> str:
    return " ".join(sorted(roles))
