"""As whom we ask GitHub, and the tokens that let us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

_MARGIN = timedelta(minutes=1)
"""A token must outlive the call that is made with it."""

Permission = tuple[
    Literal["contents", "deployments", "metadata", "pull_requests", "statuses"], Literal["read", "write"]
]


@dataclass(frozen=True, slots=True)
class AsApp:
    """Ask as the App itself."""


@dataclass(frozen=True, slots=True)
class AsInstallation:
    """Ask with a token that fits one repository and these permissions only."""

    installation_id: int
    repository_id: int | None
    """None for whatever the installation sees, where the repository's id is what is asked for."""
    permissions: tuple[Permission, ...]

    @property
    def token_request(self) -> dict[str, object]:
        """The body that asks for the token."""
        repositories = {} if self.repository_id is None else {"repository_ids": [self.repository_id]}
        return {**repositories, "permissions": dict(self.permissions)}


class Tokens:
    """The tokens that are still good, in memory only. A token is text of any length and form."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._tokens: dict[AsInstallation, tuple[str, datetime]] = {}
        self._lock = Lock()

    def get(self, access: AsInstallation) -> str | None:
        """Return a token that is good for a minute at least."""
        with self._lock:
            token, good_until = self._tokens.get(access, (None, self._clock()))
            return token if self._clock() < good_until else None

    def keep(self, access: AsInstallation, token: str, expires_at: datetime) -> None:
        """Keep a new token, and drop those that have ended."""
        with self._lock:
            now = self._clock()
            self._tokens = {other: kept for other, kept in self._tokens.items() if now < kept[1]}
            self._tokens[access] = (token, expires_at - _MARGIN)

    def drop(self, access: AsInstallation) -> bool:
        """Forget a token that was not taken; tell whether there was one."""
        with self._lock:
            return self._tokens.pop(access, None) is not None
