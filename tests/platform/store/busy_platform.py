"""A small platform that is always busy, for tests that kill it.

Arguments: the data directory, the number of the first push, and how many pushes to take. It prints the number of
each push once it is accepted, and ends when everything is handled.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.database.lock import lock_data_directory
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import Acceptance, Known, NewDeployment, NewProject, Report
from battleshiper.platform.store.sqlite.store import SqliteStore

AT_ONCE = 8


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class Pipeline:
    """Takes deployments from queued to ready, or to superseded by one that was faster."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def build(self, event: Event) -> None:
        deployment = self._store.deployment(event.detail["deployment"])
        if deployment.state is State.QUEUED:
            self._store.advance(deployment, State.BUILDING, events=[Event(EventType.DEPLOY, event.detail)])

    def deploy(self, event: Event) -> None:
        deployment = self._store.deployment(event.detail["deployment"])
        if deployment.state is State.BUILDING:
            deployment = self._store.advance(deployment, State.DEPLOYING)
        if deployment.state is State.DEPLOYING:
            own = f"shop-{deployment.id}"
            self._store.go_live(deployment, own=own, moving=["shop"], url=f"https://{own}.example", function=None)

    def report(self, event: Event) -> None:
        self._store.save_report(Report(event.detail["deployment"], int(event.detail["version"]), None))


async def push(store: SqliteStore, number: int) -> None:
    """Deliver one push."""
    deployment = f"x{number}"
    delivery = Delivery(
        f"d{number}", "push", "octo/shop", now(), (Decision(Verdict.BUILD, "Pushed.", "p1", deployment),)
    )

    def decide(_: Known) -> Acceptance:
        commit = Commit(f"{number % 10}" * 40, "main")
        new = NewDeployment(deployment, "p1", commit, Environment.PRODUCTION, Origin.PUSH)
        return Acceptance(delivery, deployments=[new], events=[Event(EventType.BUILD, {"deployment": deployment})])

    await store.decide_soon(delivery.id, decide)
    print(number, flush=True)


async def push_all(store: SqliteStore, first: int, count: int) -> None:
    """Deliver pushes, some at once."""
    for start in range(first, first + count, AT_ONCE):
        await asyncio.gather(*(push(store, number) for number in range(start, min(start + AT_ONCE, first + count))))


def main(folder: Path, first: int, count: int) -> None:
    """Be busy."""
    with lock_data_directory(folder):
        database = Database(folder / "battleshiper.db")
        bus = SqliteBus(database, now, backoff=Backoff(first_seconds=0.01))
        store = SqliteStore(database, bus.enqueue, now)
        pipeline = Pipeline(store)
        bus.subscribe(EventType.BUILD, pipeline.build)
        bus.subscribe(EventType.DEPLOY, pipeline.deploy)
        bus.subscribe(EventType.DEPLOYMENT_CHANGED, pipeline.report)
        store.accept(
            Delivery("d", "installation.created", "octo/shop", now(), ()),
            projects=[NewProject("p1", ("shop",), 1, 1, 1, "octo/shop")],
        )
        bus.start()
        asyncio.run(push_all(store, first, count))
        while bus.pending():
            time.sleep(0.01)
        bus.close()
        database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
