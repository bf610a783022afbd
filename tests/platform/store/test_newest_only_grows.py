"""Property of the store: whatever goes live, is moved and is canceled in whatever order, what is newest only grows."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.store.port import Alias, ConflictError, MissingError, NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore

COUNT = 4
NOW = datetime(2026, 5, 4, tzinfo=UTC)
_projects = itertools.count(1)


@pytest.fixture(scope="module")
def store():
    """An empty store."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "battleshiper.db")
        yield SqliteStore(database, SqliteBus(database, lambda: NOW).enqueue, lambda: NOW)
        database.close()


def deploying(store: SqliteStore, project: str) -> None:
    """Make a project with some deployments that may go live."""
    ids = [f"{project}-{number}" for number in range(1, COUNT + 1)]
    commit = Commit("a" * 40, "main")
    store.accept(
        Delivery(project, "push", None, NOW, ()),
        projects=[NewProject(project, (project,), 1, 1, int(project[1:]), "o/shop")],
        deployments=[NewDeployment(each, project, commit, Environment.PRODUCTION, Origin.PUSH) for each in ids],
    )
    for each in ids:
        store.advance(store.advance(store.deployment(each), State.BUILDING), State.DEPLOYING)


@dataclass
class Model:
    """What the store is to remember of a project. Deployments go by their numbers."""

    states: dict[int, State] = field(default_factory=lambda: dict.fromkeys(range(1, COUNT + 1), State.DEPLOYING))
    served: dict[str, int] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)

    def go_live(self, number: int, labels: set[str]) -> type[Exception] | None:
        if self.states[number] is State.READY:
            return None
        if self.states[number] is not State.DEPLOYING:
            return ConflictError
        if any(self.newest.get(label, 0) > number for label in labels):
            self.states[number] = State.SUPERSEDED
            return None
        self.states[number] = State.READY
        self.served |= dict.fromkeys(labels, number)
        self.newest |= dict.fromkeys(labels, number)
        return None

    def move(self, number: int, labels: set[str]) -> type[Exception] | None:
        (label,) = labels
        if label not in self.served:
            return MissingError
        if self.states[number] is not State.READY:
            return ConflictError
        self.served[label] = number
        self.newest[label] = max(self.newest[label], number)
        return None

    def cancel(self, number: int, _: set[str]) -> type[Exception] | None:
        if self.states[number].is_final:
            return ValueError
        self.states[number] = State.CANCELED
        return None


# Each goes live (and is asked to again) and is moved to, one is canceled: their order is what counts.
_steps = [("cancel", 2, set())] + [
    (step, number, labels)
    for number in range(1, COUNT + 1)
    for step, labels in (("go_live", {"b"}), ("go_live", {"a", "b"}), ("move", {"a"}), ("move", {"b"}))
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(_steps))
def test_what_is_newest_only_grows(store, steps):
    """The store does what this model of it does, step by step: labels, what is newest there, and states."""
    project = f"p{next(_projects)}"
    deploying(store, project)
    model = Model()

    def take(step: str, number: int, labels: set[str]) -> None:
        deployment = store.deployment(f"{project}-{number}")
        moving = [f"{project}-{label}" for label in sorted(labels)]
        if step == "go_live":
            store.go_live(deployment, own=f"own-{deployment.id}", moving=moving, url="https://a.example", function=None)
        elif step == "move":
            store.move_alias(moving[0], deployment)
        else:
            store.advance(deployment, State.CANCELED)

    newest: dict[str, int] = {}
    for step, number, labels in steps:
        refusal = getattr(model, step)(number, labels)
        if refusal:
            with pytest.raises(refusal):
                take(step, number, labels)
        else:
            take(step, number, labels)
        deployments = {each.number: each for each in store.deployments(project)}
        assert {each: deployments[each].state for each in deployments} == model.states
        ready = [each for each, state in model.states.items() if state is State.READY]
        own = [Alias(f"own-{project}-{each}", project, f"{project}-{each}", each, False) for each in ready]
        shared = [
            Alias(f"{project}-{label}", project, f"{project}-{served}", model.newest[label], True)
            for label, served in model.served.items()
        ]
        assert store.aliases(project) == sorted(own + shared, key=lambda alias: alias.label)
        grown = {alias.label: alias.newest for alias in store.aliases(project)}
        assert all(grown[label] >= before for label, before in newest.items())
        newest = grown
