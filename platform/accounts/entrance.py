"""The entrance: how people sign in with GitHub."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from battleshiper.platform.accounts.sessions import Entered, SessionDesk
from battleshiper.platform.accounts.wallet import Wallet
from battleshiper.platform.identity.port import DeviceCode, IdentityError, IdentityProvider, UserTokens
from battleshiper.platform.model.account import Account
from battleshiper.platform.model.role import ALL_ROLES
from battleshiper.platform.model.session import Session
from battleshiper.platform.store.port import Store

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in, which belongs to the browser that began it."""

    state: str
    verifier: str = field(repr=False)
    url: str
    """Where the browser goes now."""


class Entrance:
    """Lets people in whom GitHub knows."""

    def __init__(
        self,
        store: Store,
        provider: IdentityProvider,
        wallet: Wallet,
        desk: SessionDesk,
        administrators: Collection[int] = (),
    ) -> None:
        """`administrators` are GitHub's numeric ids of those who get every role when they sign in."""
        self._store = store
        self._provider = provider
        self._wallet = wallet
        self._desk = desk
        self._administrators = frozenset(administrators)

    def begin(self) -> Attempt:
        """Begin an attempt: what state and code are for, RFC 6749 10.12 and RFC 7636 say."""
        state, verifier = secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return Attempt(state, verifier, self._provider.authorize_url(state, challenge))

    def finish(self, code: str, verifier: str) -> Entered:
        """Open a session for whoever GitHub gave the code for; raises IdentityError or SecretsError."""
        return self._desk.open(self._welcome(self._provider.exchange(code, verifier)))

    def begin_device(self) -> DeviceCode:
        """Begin for a program that has no browser; raises IdentityError."""
        return self._provider.begin_device()

    def finish_device(self, code: str) -> Account | None:
        """Return the account of whoever has agreed, None while nobody has; raises IdentityError or SecretsError."""
        tokens = self._provider.ask_for_device(code)
        return None if tokens is None else self._welcome(tokens)

    def leave(self, session: Session) -> None:
        """End a session."""
        self._desk.end(session)

    def leave_everywhere(self, account: Account) -> None:
        """End all sessions of an account, and what lets us ask GitHub for it."""
        with suppress(IdentityError):
            self._provider.revoke(self._wallet.access(account.id))
        self._store.end_sessions(account.id)

    def _welcome(self, tokens: UserTokens) -> Account:
        identity = self._provider.identify(tokens.access)
        roles = ALL_ROLES if identity.id in self._administrators else ()
        account = self._store.welcome(identity, roles)
        self._wallet.keep(account.id, tokens)
        return account
