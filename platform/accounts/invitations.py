"""Invitations: links by which the operator gives somebody every role. Each is good once, for a day."""

import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from battleshiper.platform.model.account import Account
from battleshiper.platform.model.role import ALL_ROLES
from battleshiper.platform.store.port import SpentError, Store

LIFETIME = timedelta(days=1)
_ID_BYTES = 12


class InvitationRefusedError(Exception):
    """The invitation is not good, or no longer; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "This link is not good any more: it is good once, for a day. The operator makes another by "
            "`battleshiper admin invite`."
        )


class Invitations:
    """Nothing is kept of an invitation but that it was used: it is signed with the operator's token."""

    def __init__(self, store: Store, operator_token: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._key = operator_token.encode()
        self._clock = clock

    def issue(self) -> str:
        """Return a new invitation, as text for an address."""
        until = int((self._clock() + LIFETIME).timestamp())
        body = f"{secrets.token_hex(_ID_BYTES)}.{until}"
        return f"{body}.{self._sign(body)}"

    def accept(self, invitation: str, account: Account) -> Account:
        """Give an account every role; the same account may come again. Raises InvitationRefusedError."""
        body, _, signature = invitation.rpartition(".")
        id_, _, until = body.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            raise InvitationRefusedError
        end = datetime.fromtimestamp(int(until), UTC)
        if end <= self._clock():
            raise InvitationRefusedError
        try:
            self._store.spend_ticket(f"invitation:{id_}", str(account.id), end)
        except SpentError:
            raise InvitationRefusedError from None
        return self._store.set_roles(account.id, ALL_ROLES)

    def _sign(self, body: str) -> str:
        return hmac.digest(self._key, f"battleshiper invitation {body}".encode(), sha256).hex()
