"""A real store with a project, a reporter and a GitHub in memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from battleshiper.bot.fake import FakeGitHub
from battleshiper.bot.pace import Pace
from battleshiper.bot.patience import Patience
from battleshiper.bot.report import Reporter
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Installation
from battleshiper.platform.store.port import NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore

SHA = "a" * 40
PATH = (State.BUILDING, State.DEPLOYING)


class World:
    """Everything a report touches. The clock is set by hand."""

    def __init__(self, path: Path) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        self.events: list[Event] = []
        self.published: list[Event] = []
        self.database = Database(path / "battleshiper.db")
        self.store = SqliteStore(self.database, self._enqueue, lambda: self.now)
        self.github = FakeGitHub({"main": SHA, "feature": SHA})
        self.pace = Pace(lambda: self.now, 80)
        self.reporter = self.restarted()

    def restarted(self) -> Reporter:
        """Return a reporter that remembers nothing, as after a crash."""
        patience = Patience(lambda: self.now, self.pace)
        return Reporter(self.store, self.github, self, lambda each: f"https://ship/{each.id}", patience)

    def publish(self, events: Sequence[Event]) -> None:
        """Keep what is put on the bus."""
        self.published += events

    def add_project(
        self, name: str, repository_id: int = 7, root_directory: str = "", repository: str = "me/shop"
    ) -> str:
        """Add a project and return its id."""
        project = NewProject(name, (name,), 50, 60, repository_id, repository, root_directory)
        delivery = Delivery(f"delivery-{name}", "installation", "me/shop", self.now, ())
        self.store.accept(delivery, installations=[Installation(50, 60, "me")], projects=[project])
        return name

    def deploy(
        self,
        identifier: str,
        *,
        sha: str = SHA,
        branch: str = "main",
        environment: Environment = Environment.PRODUCTION,
        project: str = "shop",
        state: State = State.QUEUED,
        reason: str = "",
        pushed_at: int = 0,
    ) -> Deployment:
        """Ask for a deployment, or record one that ends at once."""
        new = NewDeployment(
            identifier, project, Commit(sha, branch, pushed_at=pushed_at), environment, Origin.PUSH, state, reason
        )
        return self.store.create_deployment(new)

    def finish(self, deployment: Deployment) -> Deployment:
        """Take a deployment to `ready`."""
        for state in PATH:
            if deployment.state.may_become(state):
                deployment = self.store.advance(deployment, state)
        return self.store.advance(deployment, State.READY, url=f"http://{deployment.id}.localhost")

    def expire(self, identifier: str) -> Deployment:
        """Let a deployment expire, which has no hostname here."""
        return self.store.expire(self.store.deployment(identifier), ()).deployment

    def report(self, identifier: str) -> None:
        """Handle one change event of a deployment."""
        self.reporter.report(Event(EventType.DEPLOYMENT_CHANGED, {"deployment": identifier}))

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    @property
    def states(self) -> list[str]:
        """The states of the commit statuses, in the order they were set."""
        return [status.state.value for _, status in self.github.statuses]

    def deployment_states(self, index: int = 0) -> list[str]:
        """The states of a GitHub Deployment, in the order they were set."""
        return [status.state.value for status in self.github.deployments[index].statuses]

    def _enqueue(self, _connection: sqlite3.Connection, events: Sequence[Event], /) -> None:
        self.events += events


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield a world with the project `shop`."""
    world = World(tmp_path)
    world.add_project("shop")
    yield world
    world.database.close()
