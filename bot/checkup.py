"""The App's check-up: asks GitHub what it thinks of the App, and judges it. Faults of the network are findings."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from battleshiper.bot.access import AsApp
from battleshiper.bot.answers import read_answer
from battleshiper.bot.app_answers import AppAnswer, HookAnswer, HookDeliveryAnswer, InstallationAnswer
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError
from battleshiper.bot.judgement import (
    Observation,
    judge_app,
    judge_clock,
    judge_deliveries,
    judge_hook,
    judge_installations,
)

_PAGE = 100
_DELIVERIES = 30
_REACH = "Look at the network, its proxy and its certificates: docs/troubleshooting.md."
_KEY = (
    "The App's id and key do not belong together, the App was deleted, or the clock is off. Make a new key on the "
    "App's page, or make the App again: battleshiper github create-app --replace"
)


class Clock(Protocol):
    """GitHub's clock."""

    def read_clock(self) -> datetime:
        """Return the time; raises GitHubError."""
        ...


class AppCheckup:
    """Examines one App."""

    def __init__(
        self, connection: Connection, clock: Clock, github_url: str, webhook_url: str, now: Callable[[], datetime]
    ) -> None:
        """`webhook_url` is where GitHub should send webhooks to."""
        self._connection = connection
        self._clock = clock
        self._github_url = github_url
        self._webhook_url = webhook_url
        self._now = now

    def examine(self) -> Iterator[Observation]:
        """Yield an observation for each thing that was looked at; never raises GitHubError."""
        try:
            before = self._now()
            theirs = self._clock.read_clock()
            # Halfway through the call, so that a slow network is no wrong clock.
            yield judge_clock(before + (self._now() - before) / 2, theirs)
        except GitHubError as error:
            yield Observation("GitHub API", str(error), _REACH, is_grave=True)
            return
        try:
            app = read_answer(AppAnswer, self._connection.ask(AsApp(), "GET", "/app"))
        except GitHubError as error:
            is_key = error.status in (401, 403, 404) or "sign in" in str(error)
            yield Observation("App", str(error), _KEY if is_key else _REACH, is_grave=True)
            return
        yield from judge_app(app, self._github_url)
        yield from _told("installed", lambda: list(judge_installations(app, list_installations(self._connection))))
        yield from _told("webhook", lambda: [self._judge_hook(app)])
        yield from _told("deliveries", lambda: [self._judge_deliveries(app)])

    def _judge_hook(self, app: AppAnswer) -> Observation:
        hook = read_answer(HookAnswer, self._connection.ask(AsApp(), "GET", "/app/hook/config"))
        return judge_hook(hook, self._webhook_url, app, self._github_url)

    def _judge_deliveries(self, app: AppAnswer) -> Observation:
        answer = self._connection.ask(AsApp(), "GET", "/app/hook/deliveries", query={"per_page": _DELIVERIES})
        return judge_deliveries(read_answer(list[HookDeliveryAnswer], answer), app, self._github_url)


def list_installations(connection: Connection) -> list[InstallationAnswer]:
    """Return where the App is installed, a hundred places at most; raises GitHubError."""
    answer = connection.ask(AsApp(), "GET", "/app/installations", query={"per_page": _PAGE})
    return read_answer(list[InstallationAnswer], answer)


def _told(name: str, look: Callable[[], list[Observation]]) -> list[Observation]:
    try:
        return look()
    except GitHubError as error:
        return [Observation(name, f"could not be looked at: {error}", _REACH)]
