"""The connection to GitHub's API as an App. The one module that uses githubkit, which loads with the first call.

githubkit's own installation tokens are not used: it looks at the path of every request to find out how to sign in,
and fails for the paths of branches like `fix-#12`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx

from battleshiper.bot.access import AsApp, AsInstallation, Tokens
from battleshiper.bot.answers import TokenAnswer, read_answer
from battleshiper.bot.faults import explain_answer
from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError
from battleshiper.bot.kept_answers import NOT_MODIFIED, KeptAnswers
from battleshiper.bot.pace import Pace
from battleshiper.bot.pool import Pool
from battleshiper.platform.model.address import is_loopback

if TYPE_CHECKING:
    from githubkit import Config, Response
    from githubkit.auth import AppAuthStrategy, TokenAuthStrategy

TIMEOUT_SECONDS = 10.0
_HEADERS = {"X-GitHub-Api-Version": "2022-11-28"}


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
        self._tokens = Tokens(clock)
        self._answers = KeptAnswers()
        self.pace = Pace.of(api_url, clock)
        """How much it writes, and when it may write more."""
        self._pool = Pool(timeout_seconds, is_local=is_loopback(api_url))

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
        if method != "GET" and isinstance(access, AsInstallation):
            seconds = self.pace.take(access.installation_id)
            if seconds:
                # As GitHub would say it, had it been asked.
                raise GitHubUnavailableError("so much was written in this minute", status=429, retry_after=seconds)
        try:
            return self._read(access, method, path, query, body)
        except GitHubRefusedError as error:
            # The App was suspended, or lacks a permission that it may be given: no reason to keep what it has so far.
            if error.status == 403 and not isinstance(access, AsApp):
                self._tokens.drop(access)
            raise
        except GitHubUnavailableError as error:
            if error.status != 401 or isinstance(access, AsApp) or not self._tokens.drop(access):
                raise
        # The token ended before its hour, as when the App's permissions change: once more with a new one.
        return self._read(access, method, path, query, body)

    def pages(self, access: AsApp | AsInstallation, path: str, limit: int) -> Iterator[Any]:
        """Yield the JSON of a list's pages, a hundred entries each, at most `limit` of them. Raises as `ask` does."""
        query: dict[str, str | int] = {"per_page": 100}
        for _ in range(limit):
            response = self._send(access, "GET", path, query, None, {})
            yield _json(response.content)
            # Of the next page's address only the cursor is used: addresses are ours to choose.
            following = response.raw_response.links.get("next", {}).get("url", "")
            cursor = parse_qs(urlsplit(following).query).get("cursor")
            if not cursor:
                return
            query["cursor"] = cursor[0]

    def new_token(self, access: AsInstallation) -> TokenAnswer:
        """Return a fresh token; raises as `ask` does."""
        path = f"/app/installations/{access.installation_id}/access_tokens"
        return read_answer(TokenAnswer, self.ask(AsApp(), "POST", path, body=access.token_request))

    def close(self) -> None:
        """Close the connections; asking again opens new ones."""
        self._pool.shut()

    def _read(
        self,
        access: AsApp | AsInstallation,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        body: Mapping[str, object] | None,
    ) -> Any:
        if method != "GET":
            return _json(self._send(access, method, path, query, body, {}).content)
        # Whoever asks with less leave is not shown what another was.
        key = (access, path, tuple(sorted((query or {}).items())))
        kept = self._answers.get(key)
        response = self._send(access, method, path, query, body, kept.conditions if kept else {})
        if kept and response.status_code == NOT_MODIFIED:
            return _json(kept.body)
        answer = _json(response.content)
        self._answers.keep(key, response.content, response.headers)
        return answer

    def _send(
        self,
        access: AsApp | AsInstallation,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        body: Mapping[str, object] | None,
        conditions: Mapping[str, str],
    ) -> "Response[Any]":
        from githubkit import GitHub
        from githubkit.exception import GitHubException, RequestError

        github: GitHub[AppAuthStrategy | TokenAuthStrategy]
        github = GitHub(self._auth(access), config=self._config)
        try:
            return github.request(method, path, params=query, json=body, headers={**_HEADERS, **conditions})
        except RequestError as error:
            raise _translate(error.exc) from error
        except GitHubException as error:
            raise GitHubUnavailableError(f"the request to GitHub failed: {error!r}") from error

    def _auth(self, access: AsApp | AsInstallation) -> "AppAuthStrategy | TokenAuthStrategy":
        from githubkit.auth import AppAuthStrategy, TokenAuthStrategy

        if isinstance(access, AsApp):
            return AppAuthStrategy(self._app_id, self._private_key)
        token = self._tokens.get(access)
        if token is None:
            answer = self.new_token(access)
            token = answer.token
            if answer.expires_at is not None:
                self._tokens.keep(access, token, answer.expires_at)
        return TokenAuthStrategy(token)

    @cached_property
    def _config(self) -> "Config":
        from githubkit.cache import MemCacheStrategy
        from githubkit.config import get_config

        return get_config(
            base_url=self._api_url,
            user_agent="battleshiper",
            timeout=self._pool.timeout_seconds,
            transport=self._pool,
            event_hooks={"response": [self._refuse_errors]},
            cache_strategy=MemCacheStrategy(),
            http_cache=False,
            auto_retry=False,
        )

    def _refuse_errors(self, response: httpx.Response) -> None:
        """Sees every answer before githubkit does. 307 and 308 are how GitHub redirects writing to a renamed
        repository; after any other redirect the client would go on with a GET, and nothing would be written."""
        lost = response.is_redirect and response.request.method != "GET" and response.status_code not in (307, 308)
        if response.is_error or lost:
            response.read()
            raise explain_answer(response.status_code, response.headers, response.text, self._clock())


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError) as error:
        raise GitHubUnavailableError("GitHub's answer is not JSON") from error


def _translate(cause: Exception) -> GitHubError:
    if isinstance(cause, GitHubError):
        return cause
    if isinstance(cause, httpx.TimeoutException):
        return GitHubUnavailableError("GitHub did not answer in time")
    if isinstance(cause, httpx.HTTPError):
        return GitHubUnavailableError(f"GitHub cannot be reached: {cause}")
    # What is left comes from signing in, and its text may quote the key.
    return GitHubUnavailableError(f"the App cannot sign in to GitHub ({type(cause).__name__}): check its id and key")
