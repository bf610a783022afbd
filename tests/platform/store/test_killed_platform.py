"""A platform that is killed without warning, again and again, loses nothing and does nothing twice."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Alias
from battleshiper.platform.store.sqlite.store import SqliteStore

PROGRAM = Path(__file__).with_name("busy_platform.py")


def run(folder: Path, first: int, count: int) -> subprocess.Popen[str]:
    """Start the platform."""
    arguments = [sys.executable, str(PROGRAM), str(folder), str(first), str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def open_platform(folder: Path) -> tuple[Database, SqliteBus, SqliteStore]:
    """Open what a platform left."""
    database = Database(folder / "battleshiper.db")
    bus = SqliteBus(database, lambda: datetime.now(UTC))
    return database, bus, SqliteStore(database, bus.enqueue, lambda: datetime.now(UTC))


def assert_labels_and_states_agree(folder: Path) -> None:
    """Check that what is ready, and nothing else, has its label and its address."""
    database, _, store = open_platform(folder)
    deployments = store.deployments(limit=100_000)
    ready = [deployment for deployment in deployments if deployment.state is State.READY]
    own = {alias for alias in store.aliases() if alias.moves is False}
    assert own == {Alias(f"shop-{each.id}", "p1", each.id, each.number, False) for each in ready}
    assert {each.id: each.url for each in deployments if each.url} == {
        each.id: f"https://shop-{each.id}.example" for each in ready
    }
    moving = [alias for alias in store.aliases() if alias.moves]
    assert [(alias.label, alias.newest) for alias in moving] == (
        [("shop", max(each.number for each in ready))] if ready else []
    )
    database.close()


def test_a_platform_that_is_killed_loses_nothing_and_doubles_nothing(tmp_path):
    """Killed at seven moments while it takes pushes and works on them; GitHub repeats what was not answered, and
    some of what was. In the end every push that was accepted is live or was live, once, unless a newer one was faster,
    and the newest is live. At no moment is anything ready without its labels, or labeled without being ready."""
    accepted: set[int] = set()
    for lines in (1, 3, 17, 40, 9, 77, 120):
        first = max(1, max(accepted, default=1) - 10)
        with run(tmp_path, first, 10_000) as process:
            for _ in range(lines):
                accepted.add(int(process.stdout.readline()))
            process.kill()
            # What was printed before the end counts as answered too; the last line may be torn.
            accepted.update(int(line) for line in process.stdout if line.endswith("\n"))
        assert_labels_and_states_agree(tmp_path)
    assert max(accepted) > 100
    with run(tmp_path, max(accepted), 1) as process:
        process.stdout.read()
    assert process.returncode == 0

    assert_labels_and_states_agree(tmp_path)
    database, bus, store = open_platform(tmp_path)
    deployments = store.deployments(limit=100_000)
    pushes = [delivery.id for delivery in store.deliveries(100_000) if delivery.event == "push"]
    assert accepted <= {int(push.removeprefix("d")) for push in pushes}
    assert sorted(deployment.id.removeprefix("x") for deployment in deployments) == sorted(
        push.removeprefix("d") for push in pushes
    )
    assert [deployment.number for deployment in deployments] == list(range(len(pushes), 0, -1))
    assert {deployment.version for deployment in deployments} == {4}
    assert {deployment.state for deployment in deployments} <= {State.READY, State.SUPERSEDED}
    assert {store.report(deployment.id).version for deployment in deployments} == {4}
    newest = deployments[0]
    assert Alias("shop", "p1", newest.id, newest.number, True) in store.aliases()
    assert (bus.pending(), bus.dead_letters()) == (0, [])
    database.close()
