"""What the tests of the webhooks share: GitHub's side of a delivery, and a store of two answers."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from battleshiper.platform.bus.sqlite.queue import put
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.model.settings import NO_SETTINGS, ProjectSettings
from battleshiper.platform.store.port import Rival
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.tickets.ticket import TicketGrant
from battleshiper.webhooks.ingress import Webhooks

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECRET = b"a webhook secret"

Header = tuple[bytes, bytes]


class Hub:
    """GitHub, as far as it sends webhooks."""

    repository_id = 1296269
    repository = "octocat/Hello-World"
    app_id = 4711

    def sign(self, body: bytes, secret: bytes = SECRET) -> bytes:
        """Return the signature header's value."""
        return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()

    def headers(self, event: str, body: bytes, delivery: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958") -> list[Header]:
        """Return the headers of a delivery."""
        return [
            (b"host", b"platform.example"),
            (b"user-agent", b"GitHub-Hookshot/044aadd"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"x-github-delivery", delivery.encode()),
            (b"x-github-event", event.encode()),
            (b"x-github-hook-id", b"292430182"),
            (b"x-github-hook-installation-target-id", str(self.app_id).encode()),
            (b"x-github-hook-installation-target-type", b"integration"),
            (b"x-hub-signature-256", self.sign(body)),
        ]

    def push(self, *, branch: str = "main", before: str = "a" * 40, after: str = "b" * 40, **changes: Any) -> bytes:
        """Return the payload of a push, with other top-level fields where they are named."""
        repository = {
            "id": self.repository_id,
            "full_name": self.repository,
            "private": False,
            "owner": {"id": 1, "login": "octocat", "name": "octocat"},
            "default_branch": "main",
            "pushed_at": 1_700_000_000,
        }
        payload: dict[str, Any] = {
            "ref": f"refs/heads/{branch}",
            "before": before,
            "after": after,
            "created": False,
            "deleted": after.strip("0") == "",
            "forced": False,
            "base_ref": None,
            "repository": repository | changes.pop("repository", {}),
            "pusher": {"name": "octocat"},
            "sender": {"id": 583231, "login": "octocat"},
            "installation": {"id": 99},
            "head_commit": {"id": after, "message": "Say hello", "author": {"name": "Mona", "email": "m@example.com"}},
            "commits": [],
        }
        return json.dumps(payload | changes).encode()

    def pull(
        self,
        action: str = "opened",
        *,
        number: int = 7,
        branch: str = "next",
        sha: str = "b" * 40,
        head: int | None = repository_id,
        at: int = 1_700_000_100,
        **changes: Any,
    ) -> bytes:
        """Return the payload of a pull request of the repository `head`, None where that is gone."""
        pull = {
            "number": number,
            "title": "Say hello",
            "state": "closed" if action == "closed" else "open",
            "merged": False,
            "merged_at": None,
            "user": {"id": 583231, "login": "octocat"},
            "updated_at": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "head": {"ref": branch, "sha": sha, "repo": None if head is None else {"id": head}},
            "base": {"ref": "main", "repo": {"id": self.repository_id}},
        }
        payload: dict[str, Any] = {
            "action": action,
            "number": number,
            "pull_request": pull | changes,
            "repository": {"id": self.repository_id, "full_name": self.repository, "default_branch": "main"},
            "sender": {"id": 583231, "login": "octocat"},
        }
        return json.dumps(payload).encode()

    def installation(self, action: str, repositories: Sequence[tuple[int, str]] | None = None, **more: Any) -> bytes:
        """Return the payload of an installation event."""
        payload: dict[str, Any] = {
            "action": action,
            "installation": {"id": 99, "account": {"id": 1, "login": "octocat", "type": "Organization"}},
            "sender": {"id": 583231, "login": "octocat"},
        }
        if repositories is not None:
            payload["repositories"] = [{"id": number, "full_name": name} for number, name in repositories]
        return json.dumps(payload | more).encode()


class KnownSites:
    """What a decision may ask the store, answered from two lists."""

    def __init__(self) -> None:
        self.projects: list[Project] = []
        self.earlier: list[tuple[tuple[str, str], Rival]] = []
        self.broken: set[str] = set()
        self.pulls: list[PullRequest] = []
        self.retirements: list[Retirement] = []

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository."""
        return [project for project in self.projects if project.repository_id == repository_id]

    def rivals(self, project_id: str, branch: str) -> list[Rival]:
        """Return what was named as a branch's earlier deployments."""
        if project_id in self.broken:
            raise RuntimeError("this project's rows are damaged")
        return [rival for at, rival in self.earlier if at == (project_id, branch)]

    def pull(self, repository_id: int, number: int) -> PullRequest | None:
        """Return a pull request."""
        return next((pull for pull in self.pulls if (pull.repository_id, pull.number) == (repository_id, number)), None)

    def pulls_of_branch(self, repository_id: int, branch: str) -> list[PullRequest]:
        """Return the pull requests of a branch."""
        return [pull for pull in self.pulls if (pull.repository_id, pull.branch) == (repository_id, branch)]

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more."""
        found = (each for each in self.retirements if (each.repository_id, each.branch) == (repository_id, branch))
        return next(found, None)


class RecordingMint:
    """Signs nothing and remembers what it was asked to sign."""

    def __init__(self) -> None:
        self.grants: list[TicketGrant] = []

    def __call__(self, grant: TicketGrant) -> str:
        """Return a ticket that names its step."""
        self.grants.append(grant)
        return f"ticket-{grant.step.value}-{len(self.grants)}"


@pytest.fixture
def hub() -> Hub:
    """GitHub's side."""
    return Hub()


@pytest.fixture
def known() -> KnownSites:
    """An empty store."""
    return KnownSites()


@pytest.fixture
def mint() -> RecordingMint:
    """A mint that records."""
    return RecordingMint()


@pytest.fixture
def make_project() -> Callable[..., Project]:
    """Make projects of the hub's repository."""

    def make(
        id: str = "p1",  # noqa: A002 - the field is called so
        *,
        production_branch: str | None = "main",
        root: str = "",
        access: Access = Access.GRANTED,
        settings: ProjectSettings = NO_SETTINGS,
    ) -> Project:
        place = (Hub.repository_id, Hub.repository, production_branch, root)
        return Project(id, f"site-{id}", 99, 1, *place, NOW, access=access, settings=settings)

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A real store on disk, whose events pile up in its queue."""
    database = Database(tmp_path / "battleshiper.db")
    yield SqliteStore(database, lambda connection, events: put(connection, events, 0), lambda: NOW)
    database.close()


@pytest.fixture
def app(store: SqliteStore, mint: RecordingMint) -> ASGIApp:
    """The ingress over the real store."""
    return Webhooks((SECRET,), Hub.app_id, store, mint, lambda: NOW).before(Starlette())
