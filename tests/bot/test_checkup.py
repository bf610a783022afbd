"""The App's check-up: what is asked of GitHub, and that its faults are findings."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from battleshiper.bot.access import AsApp, AsInstallation
from battleshiper.bot.checkup import AppCheckup
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError
from battleshiper.bot.judgement import Observation
from battleshiper.bot.manifest import EVENTS, PERMISSIONS

HOOK = "https://ship.example.org/webhooks/github"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
DOWN = GitHubUnavailableError("GitHub cannot be reached: no route")


class FakeConnection(Connection):
    """Answers from a table, in which an error is raised."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "/app": {
                "id": 7,
                "slug": "ship",
                "name": "Ship",
                "html_url": "https://github.com/apps/ship",
                "owner": {"login": "me", "type": "User"},
                "permissions": dict(PERMISSIONS),
                "events": list(EVENTS),
            },
            "/app/installations": [
                {"id": 1, "account": {"login": "me", "type": "User"}, "permissions": dict(PERMISSIONS)}
            ],
            "/app/hook/config": {"url": HOOK, "secret": "***", "insecure_ssl": "0", "content_type": "json"},
            "/app/hook/deliveries": [
                {"event": "push", "delivered_at": "2026-01-01T00:00:00Z", "status": "OK", "status_code": 202}
            ],
        }

    def ask(
        self,
        access: AsApp | AsInstallation,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        """Return or raise what the table has."""
        assert (access, method, body) == (AsApp(), "GET", None)
        answer = self.answers[path]
        if isinstance(answer, GitHubError):
            raise answer
        return answer


class FakeClock:
    """A clock that is off by so much, or an error."""

    def __init__(self) -> None:
        self.answer: timedelta | GitHubError = timedelta(0)

    def read_clock(self) -> datetime:
        """Tell the time."""
        if isinstance(self.answer, GitHubError):
            raise self.answer
        return NOW + self.answer


class Office:
    """A check-up and what it asks."""

    def __init__(self) -> None:
        self.connection, self.clock = FakeConnection(), FakeClock()

    def examine(self) -> dict[str, Observation]:
        """Return what is found, by name."""
        checkup = AppCheckup(self.connection, self.clock, "https://github.com", HOOK, lambda: NOW)
        return {seen.name: seen for seen in checkup.examine()}


@pytest.fixture
def office() -> Office:
    """Everything is as it should be."""
    return Office()


def test_all_is_well(office: Office) -> None:
    """Everything is looked at, and nothing is to be mended."""
    seen = office.examine()
    assert list(seen) == ["clock", "App", "permissions", "events", "installed", "webhook", "deliveries"]
    assert [each.name for each in seen.values() if each.remedy] == []


def test_no_network(office: Office) -> None:
    """Nothing else is asked where nothing answers."""
    office.clock.answer = DOWN
    seen = office.examine()
    assert list(seen) == ["GitHub API"]
    assert seen["GitHub API"].is_grave


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (GitHubUnavailableError("GitHub answered 401", status=401), "create-app --replace"),
        (GitHubRefusedError("GitHub answered 404", status=404), "create-app --replace"),
        (GitHubUnavailableError("the App cannot sign in to GitHub (ValueError): check"), "create-app --replace"),
        (DOWN, "network"),
    ],
)
def test_an_app_that_github_does_not_take(office: Office, error: GitHubError, said: str) -> None:
    """A key that is no good is told from a network that is not."""
    office.connection.answers["/app"] = error
    seen = office.examine()
    assert list(seen) == ["clock", "App"]
    assert said in seen["App"].remedy
    assert seen["App"].is_grave


@pytest.mark.parametrize(
    ("path", "name"),
    [("/app/installations", "installed"), ("/app/hook/config", "webhook"), ("/app/hook/deliveries", "deliveries")],
)
@pytest.mark.parametrize("answer", [DOWN, "<html>", None, [{"delivered_at": "soon"}], {"url": 7}])
def test_one_question_that_fails(office: Office, path: str, name: str, answer: object) -> None:
    """The others are answered all the same, and the fault is a finding."""
    office.connection.answers[path] = answer
    seen = office.examine()
    assert len(seen) == 7
    assert [each.name for each in seen.values() if each.remedy] == [name]
    assert "could not be looked at" in seen[name].found
