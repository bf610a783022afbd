"""What the platform does all the time costs the same however much it has kept."""

from datetime import UTC, datetime, timedelta

import pytest

from battleshiper.platform.bus.sqlite import queue
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import Claim, NewDeployment, NewProject, Report
from battleshiper.platform.store.sqlite.store import SqliteStore

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def statements(tmp_path, monkeypatch):
    """Every statement of a deployment's way through the store and the bus."""
    monkeypatch.setattr("battleshiper.platform.database.database.connect", traced := Traced())
    database = Database(tmp_path / "battleshiper.db")
    traced.statements.clear()
    bus = SqliteBus(database, lambda: NOW)
    store = SqliteStore(database, bus.enqueue, lambda: NOW)
    new = NewDeployment("x1", "p1", Commit("a" * 40, "main"), Environment.PRODUCTION, Origin.PUSH)
    project = NewProject("p1", ("shop",), 1, 1, 1, "octo/shop")
    events = [Event(EventType.BUILD, {}, group="a", id=each) for each in "abcd"]
    store.accept(Delivery("d1", "push", None, NOW, ()), projects=[project], deployments=[new], events=events)
    store.projects_of_repository(1)
    store.deployments("p1", branch="main")
    store.deployments("p1")
    store.spend_ticket("t1", "e1", NOW)
    store.add_claim(Claim("aa", "x1", NOW + timedelta(1)))
    store.spend_claim("aa")
    deployment = store.advance(store.deployment("x1"), State.BUILDING)
    deployment = store.advance(deployment, State.DEPLOYING)
    store.go_live(deployment, own="shop-x1", moving=["shop"], url="https://shop.example", function=None)
    store.move_alias("shop", deployment)
    store.aliases("p1")
    ended = store.create_deployment(
        NewDeployment("x2", "p1", Commit("a" * 40, "main"), Environment.PREVIEW, Origin.PUSH)
    )
    ended = store.advance(store.advance(ended, State.BUILDING), State.DEPLOYING)
    ended = store.go_live(ended, own="shop-x2", moving=[], url="https://x2.example", function=None)
    store.kept("p1")
    store.forget_failures(store.failures(NOW, 10))
    store.forget_expiring(store.expire(ended, {"shop-x2"}))
    store.forget_spent(NOW, 10)
    store.save_report(Report("x1", 1, None))
    store.report("x1")
    first = database.read(lambda connection: queue.upcoming(connection, EventType.BUILD, 5))[0]
    database.write(lambda connection: queue.postpone(connection, first, 1, 0))
    database.write(lambda connection: queue.bury(connection, first, 1, "error", 0))
    database.write(lambda connection: queue.revive(connection, "a", 0))
    yield database, {each for each in traced.statements if each.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")}
    database.close()


class Traced:
    """Opens connections and remembers what they are asked."""

    def __init__(self) -> None:
        from battleshiper.platform.database.connection import connect

        self._connect = connect
        self.statements: list[str] = []

    def __call__(self, path):
        connection = self._connect(path)
        connection.set_trace_callback(self.statements.append)
        return connection


def test_nothing_reads_a_whole_table(statements):
    """Each statement finds its rows by a key or an index."""
    database, seen = statements
    assert len(seen) > 25
    for statement in seen:
        plan = database.read(lambda connection, it=statement: connection.execute(f"EXPLAIN QUERY PLAN {it}").fetchall())
        scans = [step for *_, step in plan if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"]
        assert not scans, f"{statement}: {scans}"
