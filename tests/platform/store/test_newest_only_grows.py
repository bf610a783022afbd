"""Property of the store: whatever is published and moved in whatever order, what is newest only grows."""

import itertools
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
from battleshiper.platform.store.port import MissingError, NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore

COUNT = 5
_labels = itertools.count()


@pytest.fixture(scope="module")
def store():
    """A store with some ready deployments of one project."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "battleshiper.db")
        now = lambda: datetime.now(UTC)  # noqa: E731 - a clock
        store = SqliteStore(database, SqliteBus(database, now).enqueue, now)
        store.accept(Delivery("d", "push", None, now(), ()), projects=[NewProject("p", ("shop",), 1, 1, 1, "o/shop")])
        for number in range(1, COUNT + 1):
            new = NewDeployment(f"x{number}", "p", Commit("a" * 40, "main"), Environment.PRODUCTION, Origin.PUSH)
            deployment = store.create_deployment(new)
            for state in (State.BUILDING, State.DEPLOYING, State.READY):
                deployment = store.advance(deployment, state)
        yield store
        database.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["publish", "move"]), st.integers(1, COUNT)), max_size=12))
def test_what_is_newest_only_grows(store, steps):
    """The store does what this model of it does, step by step."""
    label = f"label-{next(_labels)}"
    newest, served = 0, 0
    for step, number in steps:
        deployment = store.deployment(f"x{number}")
        if step == "publish":
            alias = store.publish_alias(label, deployment, moves=True)
            served = number if number > newest else served
        elif not newest:
            with pytest.raises(MissingError):
                store.move_alias(label, deployment)
            continue
        else:
            alias = store.move_alias(label, deployment)
            served = number
        assert alias.newest >= newest
        newest = max(newest, number)
        assert (alias.newest, alias.deployment_id) == (newest, f"x{served}")
