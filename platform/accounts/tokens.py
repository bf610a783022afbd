"""Access tokens: how programs show for whom they use the API."""

import hmac
import re
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from hashlib import sha256

from battleshiper.platform.model.access_token import (
    MAX_TOKENS,
    AccessToken,
    AccessTokenRefusedError,
    Scope,
    check_access_token,
)
from battleshiper.platform.model.account import Account
from battleshiper.platform.store.port import MissingError, Store

PREFIX = "bship"
"""What every token begins with, so that those who look for leaked secrets can tell it."""
_TEXT = re.compile(rf"{PREFIX}_(\d{{1,18}})_([0-9a-f]{{16}})_([0-9a-f]{{64}})")
_ID_BYTES, _SECRET_BYTES = 8, 32


class TokenDesk:
    """Makes tokens and recognises them."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def issue(
        self, account_id: int, name: str, scopes: Collection[Scope], lifetime: timedelta
    ) -> tuple[AccessToken, str]:
        """Return a new token, and the text that is shown this once. Raises AccessTokenRefusedError, or MissingError
        without the account."""
        check_access_token(name, scopes, lifetime)
        if len(self._store.access_tokens(account_id)) >= MAX_TOKENS:
            raise AccessTokenRefusedError(f"There are {MAX_TOKENS} tokens already: end one that is not used.")
        id_, secret, now = secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES), self._clock()
        token = AccessToken(id_, account_id, name.strip(), frozenset(scopes), _digest(secret), now, now + lifetime)
        self._store.add_access_token(token)
        return token, f"{PREFIX}_{account_id}_{id_}_{secret}"

    def recognise(self, text: str) -> tuple[AccessToken, Account] | None:
        """Return whose token a text is, None when it is none, or none any longer."""
        parts = _TEXT.fullmatch(text)
        if parts is None or not text.isascii():
            return None
        account_id, id_, secret = int(parts[1]), parts[2], parts[3]
        try:
            token = self._store.access_token(account_id, id_)
            account = self._store.account(account_id)
        except MissingError:
            return None
        return (token, account) if hmac.compare_digest(token.sha256, _digest(secret)) else None


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
