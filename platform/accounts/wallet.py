"""The wallet: what lets the App ask GitHub on behalf of those who have signed in, sealed and renewed in time."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.identity.port import IdentityProvider, IdentityRefusedError, UserTokens
from battleshiper.platform.sealing.seal import Seal, SealBrokenError
from battleshiper.platform.store.port import Accounts

_MARGIN = timedelta(minutes=1)
"""A token must outlive what it is used for."""


class Wallet:
    """Keeps one pair of tokens for an account: those of its latest sign-in."""

    def __init__(self, store: Accounts, provider: IdentityProvider, seal: Seal, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._provider = provider
        self._seal = seal
        self._clock = clock

    def keep(self, account_id: int, tokens: UserTokens) -> None:
        """Keep tokens in place of earlier ones; raises MissingError without the account, or SecretsError."""
        self._store.keep_user_tokens(account_id, self._seal.seal(_write(tokens), _context(account_id)))

    def access(self, account_id: int) -> str:
        """Return a token that is good for a minute at least. Raises IdentityRefusedError when there is none and the
        account must sign in again, IdentityError when GitHub does not renew it now, or SecretsError."""
        sealed = self._store.user_tokens(account_id)
        tokens = self._open(sealed, account_id)
        if tokens.expires_at is None or self._clock() < tokens.expires_at - _MARGIN:
            return tokens.access
        try:
            renewed = self._provider.renew(tokens.refresh)
        except IdentityRefusedError:
            # Its refresh token is good once: another process may have been faster.
            now = self._store.user_tokens(account_id)
            if now == sealed:
                raise
            return self._open(now, account_id).access
        self.keep(account_id, renewed)
        return renewed.access

    def _open(self, sealed: str | None, account_id: int) -> UserTokens:
        if sealed is None:
            raise IdentityRefusedError("Nothing lets us ask GitHub for this account.")
        try:
            return _read(self._seal.open(sealed, _context(account_id)))
        except SealBrokenError as error:
            raise IdentityRefusedError("What lets us ask GitHub for this account cannot be opened.") from error


def _context(account_id: int) -> str:
    return f"the account {account_id}"


def _write(tokens: UserTokens) -> str:
    expires_at = tokens.expires_at.isoformat() if tokens.expires_at else ""
    return json.dumps([tokens.access, tokens.refresh, expires_at])


def _read(text: str) -> UserTokens:
    access, refresh, expires_at = json.loads(text)
    return UserTokens(access, refresh, datetime.fromisoformat(expires_at) if expires_at else None)
