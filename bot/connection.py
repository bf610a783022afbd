"""The connection to GitHub's API as an App. The one module that uses githubkit, which loads with the first call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import httpx

from battleshiper.bot.faults import explain_answer
from battleshiper.bot.github import GitHubError, GitHubUnavailableError
from battleshiper.bot.pool import Pool

if TYPE_CHECKING:
    from githubkit import Config
    from githubkit.auth import AppAuthStrategy, AppInstallationAuthStrategy
    from githubkit.cache import MemCacheStrategy

TIMEOUT_SECONDS = 10.0
_HEADERS = {"X-GitHub-Api-Version": "2022-11-28"}


@dataclass(frozen=True, slots=True)
class AsApp:
    """Ask as the App itself."""


@dataclass(frozen=True, slots=True)
class AsInstallation:
    """Ask with a token that fits one repository and these permissions only."""

    installation_id: int
    repository_id: int
    permissions: Mapping[str, str] = field(hash=False)


class Connection:
    """Asks GitHub's API. May be shared between threads. Never asks twice: who asks knows when to ask again."""

    def __init__(
        self,
        app_id: int,
        private_key: str,
        api_url: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`private_key` is PEM as GitHub gives it; `api_url` is https://api.github.com or, for an Enterprise Server,
        ends in `/api/v3`. Nothing is connected or loaded yet."""
        self._app_id = app_id
        self._private_key = private_key
        self._api_url = api_url
        self._clock = clock
        self._pool = Pool(timeout_seconds)

    def ask(
        self,
        access: AsApp | AsInstallation,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        """Return the JSON that GitHub answers, None for an empty answer.

        Raises GitHubUnavailableError or GitHubRefusedError. Installation tokens are kept for their hour.
        """
        try:
            return self._ask(access, method, path, query, body)
        except GitHubUnavailableError as error:
            if error.status != 401 or isinstance(access, AsApp):
                raise
        # A token may end before its hour, as when the App's permissions change: once more with a new one.
        self._tokens.cleanup()
        return self._ask(access, method, path, query, body)

    def close(self) -> None:
        """Close the connections; asking again opens new ones."""
        self._pool.shut()

    def _ask(
        self,
        access: AsApp | AsInstallation,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        body: Mapping[str, object] | None,
    ) -> Any:
        from githubkit import GitHub
        from githubkit.exception import GitHubException, RequestError

        github: GitHub[AppAuthStrategy | AppInstallationAuthStrategy]
        github = GitHub(self._auth(access), config=self._config)
        try:
            response = github.request(method, path, params=query, json=body, headers=_HEADERS)
            return response.json() if response.content else None
        except RequestError as error:
            raise _translate(error.exc) from error
        except GitHubException as error:
            raise GitHubUnavailableError(f"The App cannot sign in to GitHub: {error!r}") from error
        except ValueError as error:
            raise GitHubUnavailableError("GitHub's answer is not JSON") from error

    def _auth(self, access: AsApp | AsInstallation) -> "AppAuthStrategy | AppInstallationAuthStrategy":
        from githubkit.auth import AppAuthStrategy

        app = AppAuthStrategy(self._app_id, self._private_key)
        if isinstance(access, AsApp):
            return app
        return app.as_installation(
            access.installation_id,
            repository_ids=[access.repository_id],
            permissions=cast("Any", dict(access.permissions)),
        )

    @cached_property
    def _tokens(self) -> "MemCacheStrategy":
        from githubkit.cache import MemCacheStrategy

        return MemCacheStrategy()

    @cached_property
    def _config(self) -> "Config":
        from githubkit.config import get_config

        return get_config(
            base_url=self._api_url,
            user_agent="battleshiper",
            timeout=self._pool.timeout_seconds,
            transport=self._pool,
            event_hooks={"response": [self._refuse_errors]},
            cache_strategy=self._tokens,
            http_cache=False,
            auto_retry=False,
        )

    def _refuse_errors(self, response: httpx.Response) -> None:
        """Sees every answer, also to requests for tokens, before githubkit does."""
        if response.is_error:
            response.read()
            raise explain_answer(response.status_code, response.headers, response.text, self._clock())


def _translate(cause: Exception) -> GitHubError:
    if isinstance(cause, GitHubError):
        return cause
    if isinstance(cause, httpx.TimeoutException):
        return GitHubUnavailableError("GitHub did not answer in time")
    if isinstance(cause, httpx.HTTPError):
        return GitHubUnavailableError(f"GitHub cannot be reached: {cause}")
    # The text of other errors may quote a token.
    return GitHubUnavailableError(f"the App cannot sign in to GitHub ({type(cause).__name__}): check its id and key")
