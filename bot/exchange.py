"""One request to GitHub and its answer, without an App's key: as a visitor, or with a token of a user."""

from datetime import UTC, datetime
from typing import Any

import httpx

from battleshiper.bot.faults import explain_answer
from battleshiper.bot.github import GitHubUnavailableError
from battleshiper.bot.pool import Pool
from battleshiper.platform.model.address import is_loopback

_TIMEOUT_SECONDS = 10.0


class Exchange:
    """Asks once, over connections that are kept."""

    def __init__(self, url: str, headers: dict[str, str], timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        """`url` tells whether GitHub is on this machine, where the environment's proxies do not count."""
        self._headers = {"user-agent": "battleshiper", "x-github-api-version": "2022-11-28", **headers}
        self._pool = Pool(timeout_seconds, is_local=is_loopback(url))

    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Return the answer, whatever it says; raises GitHubUnavailableError when there is none."""
        try:
            with httpx.Client(transport=self._pool, headers=self._headers) as client:
                return client.request(method, url, **options)
        except httpx.TimeoutException:
            raise GitHubUnavailableError("GitHub did not answer in time") from None
        except httpx.HTTPError as error:
            raise GitHubUnavailableError(f"GitHub cannot be reached: {error}") from error

    def close(self) -> None:
        """Close the connections."""
        self._pool.shut()


def refuse_errors(answer: httpx.Response) -> None:
    """Raise GitHubUnavailableError or GitHubRefusedError unless the answer is a success."""
    if not answer.is_success:
        raise explain_answer(answer.status_code, answer.headers, answer.text, datetime.now(UTC))


def read_json(answer: httpx.Response) -> Any:
    """Return what the answer's body is in JSON; raises GitHubUnavailableError."""
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise GitHubUnavailableError("GitHub's answer is not JSON") from error
