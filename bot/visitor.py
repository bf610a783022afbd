"""GitHub's API as somebody without an account: to make the App, and to compare clocks."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field

from battleshiper.bot.answers import read_answer
from battleshiper.bot.faults import explain_answer
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError
from battleshiper.bot.pool import Pool
from battleshiper.platform.model.address import is_loopback

_TIMEOUT_SECONDS = 10.0
_HEADERS = {
    "accept": "application/vnd.github+json",
    "user-agent": "battleshiper",
    "x-github-api-version": "2022-11-28",
}


class CodeSpentError(GitHubRefusedError):
    """GitHub does not know the code: it is good once, for an hour."""

    def __init__(self, status: int | None) -> None:
        super().__init__(
            "GitHub does not know this code. It is good once and for one hour. If the App was made, delete it on "
            "GitHub, and make it again",
            status=status,
        )


class OwnerAnswer(BaseModel):
    """Whose an App is."""

    login: str = ""


class NewApp(BaseModel):
    """An App that was just made, with its secrets. GitHub shows them this once."""

    id: int
    slug: str
    name: str
    html_url: str
    owner: OwnerAnswer = OwnerAnswer()
    client_id: str
    client_secret: str = Field(repr=False)
    webhook_secret: str | None = Field(default=None, repr=False)
    pem: str = Field(repr=False)

    @property
    def install_url(self) -> str:
        """Where the App is installed."""
        return f"{self.html_url}/installations/new"


class Visitor:
    """Asks once, and raises GitHubUnavailableError or GitHubRefusedError."""

    def __init__(self, api_url: str, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._api_url = api_url
        self._pool = Pool(timeout_seconds, is_local=is_loopback(api_url))

    def exchange(self, code: str) -> NewApp:
        """Return the App that `code` stands for
        (https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest). Raises CodeSpentError for one
        that was used or is too old."""
        answer = self._send("POST", f"/app-manifests/{quote(code, safe='')}/conversions")
        try:
            _refuse_errors(answer)
        except GitHubRefusedError as error:
            raise (CodeSpentError(error.status) if error.status in (404, 410, 422) else error) from None
        return read_answer(NewApp, _json(answer))

    def read_clock(self) -> datetime:
        """Return what GitHub's clock shows, to the second, whatever else it answers."""
        written = self._send("GET", "/meta").headers.get("date", "")
        try:
            return parsedate_to_datetime(written).astimezone(UTC)
        except ValueError:
            raise GitHubUnavailableError("GitHub's answer has no date") from None

    def close(self) -> None:
        """Close the connections."""
        self._pool.shut()

    def _send(self, method: str, path: str) -> httpx.Response:
        try:
            with httpx.Client(transport=self._pool, headers=_HEADERS) as client:
                return client.request(method, self._api_url + path)
        except httpx.TimeoutException:
            raise GitHubUnavailableError("GitHub did not answer in time") from None
        except httpx.HTTPError as error:
            raise GitHubUnavailableError(f"GitHub cannot be reached: {error}") from error


def _refuse_errors(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise explain_answer(answer.status_code, answer.headers, answer.text, datetime.now(UTC))


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise GitHubUnavailableError("GitHub's answer is not JSON") from error
