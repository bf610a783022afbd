"""Those who have signed in, and their sessions."""

from collections.abc import Collection, Sequence
from typing import Protocol

from battleshiper.platform.model.account import Account, Identity
from battleshiper.platform.model.reach import Reach
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.session import Session


class Accounts(Protocol):
    """Accounts by GitHub's numeric id, with what lets the App ask GitHub on their behalf."""

    def accounts(self) -> Sequence[Account]:
        """Return all accounts by login."""
        ...

    def account(self, account_id: int) -> Account:
        """Return an account; raises MissingError."""
        ...

    def welcome(self, identity: Identity, roles: Collection[Role] = ()) -> Account:
        """Return the account of somebody who signs in, made or brought up to date; `roles` are added to theirs."""
        ...

    def set_roles(self, account_id: int, roles: Collection[Role]) -> Account:
        """Give an account these roles and no others; raises MissingError."""
        ...

    def end_sessions(self, account_id: int) -> None:
        """End every session of an account and forget what lets us ask GitHub on its behalf. Without the account,
        nothing happens."""
        ...

    def delete_account(self, account_id: int) -> bool:
        """Forget an account and what belongs to it; False when there is none."""
        ...

    def user_tokens(self, account_id: int) -> str | None:
        """Return an account's tokens for GitHub, sealed as they were given; None when there are none."""
        ...

    def keep_user_tokens(self, account_id: int, sealed: str | None) -> None:
        """Keep an account's tokens for GitHub, or none any longer. Raises MissingError without the account."""
        ...

    def reach(self, account_id: int) -> Reach | None:
        """Return what GitHub last said of what an account may see, None before it was asked."""
        ...

    def keep_reach(self, account_id: int, reach: Reach) -> None:
        """Keep what GitHub said. Raises MissingError without the account."""
        ...


class Sessions(Protocol):
    """The sessions of browsers. Who they are of, and whether that is still so, the account says."""

    def add_session(self, session: Session) -> None:
        """Keep a new session. Those that have expired may be forgotten."""
        ...

    def session(self, session_id: str) -> Session:
        """Return a session that has not expired; raises MissingError."""
        ...

    def renew_session(self, session: Session, secret_sha256: str) -> Session:
        """Give a session another secret and return it as it is then. Raises MissingError, or ConflictError when it was
        given another one meanwhile."""
        ...

    def end_session(self, session_id: str) -> None:
        """End a session, which need not be there."""
        ...
