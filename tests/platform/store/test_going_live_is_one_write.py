"""Going live is one transaction: what fails at its very end leaves nothing of it."""

from datetime import UTC, datetime

import pytest

from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.store.port import NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore

NOW = datetime(2026, 5, 4, tzinfo=UTC)


class BrokenBusError(Exception):
    """The bus takes nothing."""


def refuse(connection, events):
    """Take no event."""
    raise BrokenBusError


@pytest.mark.parametrize("newer", [None, "x2"], ids=["ready", "superseded"])
def test_a_change_that_cannot_be_told_does_not_happen(tmp_path, newer):
    """Without its event on the bus, a deployment is neither ready nor superseded, and no label points to it."""
    database = Database(tmp_path / "battleshiper.db")
    bus = SqliteBus(database, lambda: NOW)
    store = SqliteStore(database, bus.enqueue, lambda: NOW)
    commit = Commit("a" * 40, "main")
    store.accept(
        Delivery("d1", "push", None, NOW, ()),
        projects=[NewProject("p1", ("shop",), 1, 1, 1, "octo/shop")],
        deployments=[NewDeployment(each, "p1", commit, Environment.PRODUCTION, Origin.PUSH) for each in ("x1", "x2")],
    )
    first, second = (
        store.advance(store.advance(store.deployment(each), State.BUILDING), State.DEPLOYING) for each in ("x1", "x2")
    )
    labels = {"moving": ["shop", "shop-git-main"], "url": "https://shop.example", "function": "f1"}
    if newer:
        store.go_live(second, own=newer, **labels)
    before = store.aliases(), store.deployments(), bus.pending()
    with pytest.raises(BrokenBusError):
        SqliteStore(database, refuse, lambda: NOW).go_live(first, own="x1", **labels)
    assert (store.aliases(), store.deployments(), bus.pending()) == before
    assert store.go_live(first, own="x1", **labels).state is (State.SUPERSEDED if newer else State.READY)
    database.close()
