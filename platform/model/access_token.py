"""Access tokens: what lets programs use the API for somebody, or a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MAX_TOKENS = 50
"""Of one account."""
MAX_LIFETIME = timedelta(days=366)
_LONGEST_NAME = 80


class Scope(StrEnum):
    """What a token is good for. None is good for more than its owner may do."""

    READ = "read"
    """See projects, deployments and logs."""
    WRITE = "write"
    """Change projects and what is live."""
    ADMIN = "admin"
    """What the owner's roles let them do."""


class AccessTokenRefusedError(ValueError):
    """A token cannot be made as it is wished for; the message says what to do."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token, known here by the hash of its secret alone."""

    id: str
    account_id: int
    name: str
    """What its owner calls it."""
    scopes: frozenset[Scope]
    sha256: str
    created_at: datetime
    expires_at: datetime


def check_access_token(name: str, scopes: Iterable[Scope], lifetime: timedelta) -> None:
    """Raise AccessTokenRefusedError unless a token may be made."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise AccessTokenRefusedError(f"The name must say in up to {_LONGEST_NAME} characters what the token is for.")
    if not list(scopes):
        raise AccessTokenRefusedError("Choose at least one scope: read, write or admin.")
    if not timedelta(minutes=1) <= lifetime <= MAX_LIFETIME:
        raise AccessTokenRefusedError(f"A token lives up to {MAX_LIFETIME.days} days.")
