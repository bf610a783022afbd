"""Sessions: how a browser shows that somebody has signed in with it."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from battleshiper.platform.model.account import Account
from battleshiper.platform.model.session import Session
from battleshiper.platform.store.port import ConflictError, MissingError, Store

LIFETIME = timedelta(days=30)
"""When somebody must sign in again."""
_RENEWAL = timedelta(hours=1)
"""How old a secret may become before another takes its place."""
_GRACE = timedelta(minutes=1)
"""How long the secret before is good, for what the browser had under way."""
_SECRET_BYTES = 32
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that a browser has shown to be its own."""

    session: Session
    account: Account
    new_cookie: str | None = field(default=None, repr=False)
    """What the browser must send from now on, None when that is as before."""


class SessionDesk:
    """Opens, recognises and ends sessions."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def open(self, account: Account) -> Entered:
        """Begin a session of an account."""
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock()
        session = Session(
            id=secrets.token_hex(_ID_BYTES),
            account_id=account.id,
            epoch=account.epoch,
            secret_sha256=_digest(secret),
            previous_sha256="",
            form_token=secrets.token_urlsafe(_SECRET_BYTES),
            created_at=now,
            renewed_at=now,
            expires_at=now + LIFETIME,
        )
        self._store.add_session(session)
        return Entered(session, account, _cookie(session, secret))

    def enter(self, cookie: str) -> Entered | None:
        """Return the session that a cookie is of, None when there is none, or it has ended. A cookie whose time is
        over ends its session: it was used by somebody else."""
        session_id, _, secret = cookie.partition(".")
        try:
            session = self._store.session(session_id)
            account = self._store.account(session.account_id)
        except MissingError:
            return None
        digest, now = _digest(secret), self._clock()
        if account.epoch != session.epoch:
            self._store.end_session(session.id)
            return None
        if hmac.compare_digest(digest, session.secret_sha256):
            return (
                self._renewed(session, account) if now - session.renewed_at >= _RENEWAL else Entered(session, account)
            )
        if hmac.compare_digest(digest, session.previous_sha256):
            if now - session.renewed_at < _GRACE:
                return Entered(session, account)
            self._store.end_session(session.id)
        return None

    def end(self, session: Session) -> None:
        """End a session."""
        self._store.end_session(session.id)

    def _renewed(self, session: Session, account: Account) -> Entered:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        try:
            renewed = self._store.renew_session(session, _digest(secret))
        except (ConflictError, MissingError):  # another request of this browser was faster: it brings the cookie
            return Entered(session, account)
        return Entered(renewed, account, _cookie(renewed, secret))


def _cookie(session: Session, secret: str) -> str:
    return f"{session.id}.{secret}"


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
