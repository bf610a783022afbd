"""The settings of the stand-in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

PERMISSIONS: Mapping[str, str] = {
    "checks": "write",
    "contents": "read",
    "deployments": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = ("issue_comment", "pull_request", "push", "repository")

LOGIN = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
"""What GitHub calls accounts."""


class SettingsError(ValueError):
    """A setting that the stand-in cannot work with; the message names it."""


@dataclass(slots=True)
class GitHubSettings:
    """Whom the stand-in plays, and for which App. An App that is made from a manifest takes the place of the one that
    is named here, which may be none (`app_id` 0).

    `base_url` is where people, git and the App reach it; the REST API is at `/api/v3` below it, as on GitHub
    Enterprise Server. Everything it remembers is in `data_dir`.
    """

    data_dir: Path
    base_url: str
    app_id: int
    app_public_key: str
    """PEM. The stand-in never sees the private half."""
    webhook_secret: str
    webhook_url: str
    app_slug: str = "battleshiper"
    app_name: str = "Battleshiper"
    client_id: str = "Iv1.battleshiper"
    client_secret_digest: str = ""
    """SHA-256 in hex. The stand-in does not keep the secret itself; without one nobody can let the App act for them."""
    callback_urls: tuple[str, ...] = ()
    """Where browsers may be sent to with a code, the first where none is named."""
    owner_login: str = "me"
    owner_id: int = 1001
    owner_type: Literal["User", "Organization"] = "User"
    installation_id: int = 5001
    permissions: Mapping[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    """What the App was granted: a name and `read` or `write`."""
    events: tuple[str, ...] = EVENTS
    """What the App subscribed to. `installation` and `installation_repositories` come to every App."""
    webhook_patience: float = 30.0
    """Seconds that the first delivery after a start waits for somebody to listen at `webhook_url`."""

    def __post_init__(self) -> None:
        for name in ("base_url", "webhook_url") if self.app_id else ("base_url",):
            url = urlsplit(getattr(self, name))
            if url.scheme not in ("http", "https") or not url.hostname:
                raise SettingsError(f"{name} must be an http or https URL, not {getattr(self, name)!r}")
        if self.base_url.endswith("/"):
            raise SettingsError("base_url must not end in a slash")
        if self.app_id and not self.webhook_secret:
            raise SettingsError(
                "webhook_secret must not be empty: the App could not tell our deliveries from forged ones"
            )
        if not LOGIN.fullmatch(self.owner_login):
            raise SettingsError(f"owner_login {self.owner_login!r} is not a name that GitHub gives to accounts")
        if set(self.permissions.values()) - {"read", "write"}:
            raise SettingsError("a permission is either read or write")

    @property
    def api_url(self) -> str:
        """Where the REST API is, without a slash at the end."""
        return f"{self.base_url}/api/v3"

    @property
    def bot_login(self) -> str:
        """The name under which the App acts."""
        return f"{self.app_slug}[bot]"
