"""What the App asks for when it is made, as a manifest
(https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import quote, urlencode, urlsplit

from battleshiper.platform.identity.port import CALLBACK_PATH
from battleshiper.platform.model.address import is_loopback

PERMISSIONS: Mapping[str, str] = {
    "contents": "read",
    "deployments": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
"""What the App needs of a repository. Comments in pull requests are GitHub's issue comments."""
EVENTS = ("issue_comment", "pull_request", "push", "repository")
"""What the App subscribes to. A push also tells of branches that were made or deleted, and every App is told of its
installations."""
ESSENTIAL = frozenset({"contents", "metadata", "push"})
"""Without these nothing is deployed; without another, what it is for is missing."""
WEBHOOK_PATH = "/webhooks/github"

_NAME_CHARACTERS = 34  # https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app
# GitHub takes no webhook URL on its owner's own machine, and wants one. It is sent nothing: the webhook is off.
_NOWHERE = "https://example.com/this-webhook-is-off"


@dataclass(frozen=True, slots=True)
class AppPlan:
    """The App that is to be made."""

    name: str
    base_url: str
    """Where people reach the platform."""
    webhook_url: str
    github_url: str = "https://github.com"
    organization: str = ""
    """Whose the App will be; empty for the person who makes it."""

    @property
    def is_reachable(self) -> bool:
        """False when GitHub cannot send webhooks there, because the address is this machine's own. A GitHub on this
        machine can."""
        return not is_loopback(self.webhook_url) or is_loopback(self.github_url)

    def manifest(self, redirect_url: str) -> str:
        """Return the manifest as JSON. GitHub leads to `redirect_url` with a code when the App is made."""
        return json.dumps(
            {
                "name": self.name,
                "url": self.base_url,
                "description": "Deploys every push.",
                "hook_attributes": {
                    "url": self.webhook_url if self.is_reachable else _NOWHERE,
                    "active": self.is_reachable,
                },
                "redirect_url": redirect_url,
                "callback_urls": [self.base_url + CALLBACK_PATH],
                "setup_url": self.base_url,
                "public": False,
                "default_permissions": dict(PERMISSIONS),
                "default_events": list(EVENTS),
            }
        )

    def form_url(self, state: str) -> str:
        """Return where the manifest is to be posted."""
        owner = f"/organizations/{quote(self.organization, safe='')}" if self.organization else ""
        return f"{self.github_url}{owner}/settings/apps/new?{urlencode({'state': state})}"


def default_name(base_url: str) -> str:
    """Return a name that no other App should have: all Apps of a GitHub share names. People may change it there."""
    where = token_hex(3) if is_loopback(base_url) else urlsplit(base_url).hostname or ""
    return f"Battleshiper {where}"[:_NAME_CHARACTERS].rstrip(" .-")
