"""GitHub's API as somebody without an account: to make the App, and to compare clocks."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from pydantic import BaseModel, Field

from battleshiper.bot.answers import read_answer
from battleshiper.bot.exchange import Exchange, read_json, refuse_errors
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError

_HEADERS = {"accept": "application/vnd.github+json"}


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

    def __init__(self, api_url: str, *, timeout_seconds: float = 10.0) -> None:
        self._api_url = api_url
        self._exchange = Exchange(api_url, _HEADERS, timeout_seconds)

    def exchange(self, code: str) -> NewApp:
        """Return the App that `code` stands for
        (https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest). Raises CodeSpentError for one
        that was used or is too old."""
        answer = self._exchange.send("POST", f"{self._api_url}/app-manifests/{quote(code, safe='')}/conversions")
        try:
            refuse_errors(answer)
        except GitHubRefusedError as error:
            raise (CodeSpentError(error.status) if error.status in (404, 410, 422) else error) from None
        return read_answer(NewApp, read_json(answer))

    def read_clock(self) -> datetime:
        """Return what GitHub's clock shows, to the second, whatever else it answers."""
        written = self._exchange.send("GET", f"{self._api_url}/meta").headers.get("date", "")
        try:
            return parsedate_to_datetime(written).astimezone(UTC)
        except ValueError:
            raise GitHubUnavailableError("GitHub's answer has no date") from None

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()
