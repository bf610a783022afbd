"""GitHub as those who sign in see it: codes and tokens of users.

The web flow, the tokens' renewal and what a token opens are GitHub's
(https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
and .../refreshing-user-access-tokens, https://docs.github.com/en/rest/apps/installations).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from battleshiper.bot.answers import read_answer
from battleshiper.bot.exchange import Exchange, read_json, refuse_errors
from battleshiper.bot.github import GitHubError, GitHubRefusedError
from battleshiper.bot.user_answers import DeviceAnswer, InstallationsAnswer, RepositoriesAnswer, TokenAnswer, UserAnswer
from battleshiper.platform.identity.port import (
    DeviceCode,
    IdentityError,
    IdentityMisconfiguredError,
    IdentityRefusedError,
    IdentityUnavailableError,
    UserTokens,
)
from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.reach import ReachableRepository

_PAGE = 100
_MOST_PAGES = 200
"""Of one list: twenty thousand repositories."""
_SPENT = frozenset(
    {"bad_verification_code", "bad_refresh_token", "expired_token", "access_denied", "incorrect_device_code"}
)
_PENDING = frozenset({"authorization_pending", "slow_down"})
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_NOT_SET_UP = (
    "The platform does not know the App's client secret. Make one on the App's page on GitHub, name {callback_url} as "
    "its callback URL there, and set BATTLESHIPER_GITHUB_CLIENT_ID and BATTLESHIPER_GITHUB_CLIENT_SECRET."
)
_NO_DEVICES = (
    "The App does not let programs sign people in. Its owner can enable the device flow on its page on GitHub; or make "
    "a token on the platform's page /tokens, and use it: battleshiper login --with-token."
)
_UNKNOWN = frozenset({404, 422})
"""What GitHub answers to one who revokes a token that has ended."""


class _PendingError(IdentityUnavailableError):
    """Nobody has agreed yet."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The App as those know it who sign in with it."""

    client_id: str
    client_secret: str = field(repr=False)
    """Both are empty where the operator has not set them: then nobody can sign in."""
    callback_url: str
    """Where GitHub sends browsers back to; the App's settings must name it."""


class GitHubIdentityProvider:
    """Asks once; see `IdentityProvider` in `identity.port`."""

    def __init__(
        self,
        client: OAuthClient,
        url: str,
        api_url: str,
        clock: Callable[[], datetime],
        *,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._client = client
        self._url = url
        self._api_url = api_url
        self._clock = clock
        self._exchange = Exchange(api_url, {"accept": "application/json"}, timeout_seconds)

    def authorize_url(self, state: str, challenge: str) -> str:
        """Return where people say that they want to sign in; raises IdentityMisconfiguredError without the App's client
        id and secret."""
        if not self._client.client_id or not self._client.client_secret:
            raise IdentityMisconfiguredError(_NOT_SET_UP.format(callback_url=self._client.callback_url))
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": self._client.callback_url,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._url}/login/oauth/authorize?{urlencode(query)}"

    def exchange(self, code: str, verifier: str) -> UserTokens:
        """Return the tokens for the code that GitHub sent a browser back with."""
        return self._tokens(code=code, code_verifier=verifier, redirect_uri=self._client.callback_url)

    def begin_device(self) -> DeviceCode:
        """Return the codes for a program that has no browser."""
        answer = self._ask_for_token("/login/device/code", {"client_id": self._client.client_id})
        with _explaining():
            device = read_answer(DeviceAnswer, answer)
        return DeviceCode(
            device.device_code, device.user_code, device.verification_uri, device.interval, device.expires_in
        )

    def ask_for_device(self, code: str) -> UserTokens | None:
        """Return the tokens of whoever has agreed, None while nobody has yet."""
        try:
            return self._tokens(grant_type=_DEVICE_GRANT, device_code=code)
        except _PendingError:
            return None

    def renew(self, refresh: str) -> UserTokens:
        """Return the tokens that take the place of those that end."""
        return self._tokens(grant_type="refresh_token", refresh_token=refresh)

    def identify(self, access: str) -> Identity:
        """Return who a token is of."""
        with _explaining():
            user = read_answer(UserAnswer, self._ask(access, "/user"))
        return Identity(user.id, user.login, user.name or "", user.avatar_url or "")

    def repositories(self, access: str) -> list[ReachableRepository]:
        """Return the repositories that the owner of a token and the App both see; none of an installation that is
        suspended."""
        found: list[ReachableRepository] = []
        with _explaining():
            for page in self._pages(access, "/user/installations"):
                for installation in read_answer(InstallationsAnswer, page).installations:
                    if installation.suspended_at is None:
                        found += self._repositories_of(access, installation.id)
        return found

    def revoke(self, access: str) -> None:
        """End a token that is needed no longer."""
        url = f"{self._api_url}/applications/{self._client.client_id}/token"
        credentials = (self._client.client_id, self._client.client_secret)
        with _explaining():
            answer = self._exchange.send("DELETE", url, auth=credentials, json={"access_token": access})
            if answer.status_code not in _UNKNOWN:
                refuse_errors(answer)

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def _repositories_of(self, access: str, installation_id: int) -> list[ReachableRepository]:
        try:
            return [
                ReachableRepository(repository.id, repository.full_name, repository.permissions.highest)
                for page in self._pages(access, f"/user/installations/{installation_id}/repositories")
                for repository in read_answer(RepositoriesAnswer, page).repositories
            ]
        except GitHubRefusedError:  # uninstalled or suspended a moment ago, or an organisation wants single sign-on
            return []

    def _tokens(self, **given: str) -> UserTokens:
        asked_at = self._clock()
        client = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        answer = self._ask_for_token("/login/oauth/access_token", client | given)
        with _explaining():
            tokens = read_answer(TokenAnswer, answer)
        expires_at = None if tokens.expires_in is None else asked_at + timedelta(seconds=tokens.expires_in)
        return UserTokens(tokens.access_token, tokens.refresh_token, expires_at)

    def _ask_for_token(self, path: str, given: Mapping[str, str]) -> Any:
        with _explaining():
            answer = self._exchange.send("POST", self._url + path, data=given)
            refuse_errors(answer)
            body = read_json(answer)
        if isinstance(body, dict) and "error" in body:
            raise _refusal(str(body["error"]), str(body.get("error_description", "")))
        return body

    def _pages(self, access: str, path: str) -> Iterator[Any]:
        for number in range(1, _MOST_PAGES + 1):
            page = self._ask(access, f"{path}?per_page={_PAGE}&page={number}")
            yield page
            if not isinstance(page, dict) or page.get("total_count", 0) <= number * _PAGE:
                return

    def _ask(self, access: str, path: str) -> Any:
        answer = self._exchange.send("GET", self._api_url + path, headers={"authorization": f"Bearer {access}"})
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise IdentityRefusedError("GitHub does not take the token any more: it has ended, or was revoked.")
        refuse_errors(answer)
        return read_json(answer)


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except GitHubRefusedError as error:
        raise IdentityMisconfiguredError(f"{error}.") from error
    except GitHubError as error:
        raise IdentityUnavailableError(f"{error}.") from error


def _refusal(name: str, description: str) -> IdentityError:
    said = f"GitHub says {name}" + (f": {description}" if description else ".")
    if name in _PENDING:
        return _PendingError(said)
    if name == "device_flow_disabled":
        return IdentityMisconfiguredError(_NO_DEVICES)
    if name in _SPENT:
        return IdentityRefusedError(said)
    return IdentityMisconfiguredError(f"{said} Compare the App's client id, client secret and callback URL with ours.")
