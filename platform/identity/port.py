"""Identity: who somebody is and what they may see, as GitHub tells those who let the App act for them. GitHub, behind
the bot."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.reach import ReachableRepository

CALLBACK_PATH = "/sign-in/callback"
"""Where GitHub leads browsers back to, below the platform's address. The App's settings name it."""


class IdentityError(Exception):
    """GitHub did not tell; the message is one sentence for people."""


class IdentityUnavailableError(IdentityError):
    """GitHub cannot be asked now; the same may be right later."""


class IdentityRefusedError(IdentityError):
    """GitHub does not take the code or the token, and never will: whoever it is of must sign in again."""


class IdentityMisconfiguredError(IdentityError):
    """GitHub does not take the App's client id, client secret or callback URL, or there are none; the operator must set
    it right."""


@dataclass(frozen=True, slots=True)
class UserTokens:
    """What lets the App act for somebody."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    """What another pair is given for, once; empty where the tokens of the App do not end."""
    expires_at: datetime | None = None
    """When `access` ends, None for never."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What lets somebody sign in whose program has no browser (RFC 8628)."""

    code: str = field(repr=False)
    """For us, to ask whether they have agreed."""
    user_code: str
    """For them, to enter."""
    verification_url: str
    """Where they enter it."""
    interval: int
    """Seconds between two questions, at least."""
    lifetime: int
    """Seconds until it ends."""


class IdentityProvider(Protocol):
    """GitHub's side of signing in. Every method that asks it raises IdentityError."""

    def authorize_url(self, state: str, challenge: str) -> str:
        """Return where people say that they want to sign in; `challenge` is of PKCE's method S256 (RFC 7636)."""
        ...

    def exchange(self, code: str, verifier: str) -> UserTokens:
        """Return the tokens for the code that GitHub sent a browser back with."""
        ...

    def begin_device(self) -> DeviceCode:
        """Return the codes for a program that has no browser."""
        ...

    def ask_for_device(self, code: str) -> UserTokens | None:
        """Return the tokens of whoever has agreed, None while nobody has yet."""
        ...

    def renew(self, refresh: str) -> UserTokens:
        """Return the tokens that take the place of those that end."""
        ...

    def identify(self, access: str) -> Identity:
        """Return who a token is of."""
        ...

    def repositories(self, access: str) -> list[ReachableRepository]:
        """Return the repositories that the owner of a token and the App both see."""
        ...

    def revoke(self, access: str) -> None:
        """End a token that is needed no longer."""
        ...
