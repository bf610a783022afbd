"""The request with which an App sends somebody's browser here, read from its query.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from battleshiper.infra.local.github.oauth.proof import is_challenge
from battleshiper.infra.local.github.settings import GitHubSettings

FIELDS = ("client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")
"""What is taken along from the first page to the decision."""


class RequestRefusedError(ValueError):
    """The browser is not sent back, as nobody knows to whom; the message is for the person in front of it."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What is asked for. `redirect_uri` is where the answer goes, with `state` in it; `login` is who is expected."""

    redirect_uri: str
    state: str
    challenge: str
    login: str

    @property
    def origin(self) -> str:
        """The site that the answer goes to."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"


def read_request(settings: GitHubSettings, given: Mapping[str, str]) -> AuthorizationRequest:
    """Read the query of `/login/oauth/authorize`; raises RequestRefusedError."""
    if not settings.app_id or given.get("client_id") != settings.client_id:
        raise RequestRefusedError("No App has this client id.")
    if not settings.callback_urls:
        raise RequestRefusedError(f"{settings.app_name} has no callback URL to send you back to.")
    redirect_uri = given.get("redirect_uri") or settings.callback_urls[0]
    if redirect_uri not in settings.callback_urls:
        raise RequestRefusedError(f"{redirect_uri} is not a callback URL of {settings.app_name}. Do not go on.")
    challenge = given.get("code_challenge", "")
    if not is_challenge(challenge, given.get("code_challenge_method", "")):
        raise RequestRefusedError("The code challenge is not one of the method S256, the only one there is.")
    return AuthorizationRequest(redirect_uri, given.get("state", ""), challenge, given.get("login", ""))
