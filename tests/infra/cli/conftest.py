"""A platform that runs, and a shell to type commands in."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from battleshiper.infra.local.running import RunningPlatform, run
from battleshiper.infra.local.settings import Settings
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.store.sqlite.store import SqliteStore


class Shell:
    """Runs commands against one data directory."""

    def __init__(self, data_dir: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BATTLESHIPER_")}
        self.environment = {**kept, "BATTLESHIPER_DATA_DIR": str(data_dir), "BATTLESHIPER_PORT": str(port)}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "battleshiper.infra.cli", *arguments]

    def run(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, **changes}
        return subprocess.run(
            self.command(*arguments),
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
            check=False,
        )


class Books:
    """What the running platform keeps, to put things there that would take long to come about."""

    def __init__(self, data_dir: Path) -> None:
        self.database = Database(data_dir / "battleshiper.db")
        self.bus = SqliteBus(self.database, now)
        self.store = SqliteStore(self.database, self.bus.enqueue, now)


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@pytest.fixture
def make_shell() -> type[Shell]:
    """Make shells for other data directories."""
    return Shell


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform with a stand-in."""
    with run(Settings(tmp_path_factory.mktemp("data"), port=0, github_port=0)) as platform:
        yield platform


@pytest.fixture
def shell(running: RunningPlatform) -> Shell:
    """A shell whose commands reach it."""
    return Shell(running.settings.data_dir, running.settings.port)


@pytest.fixture
def books(running: RunningPlatform) -> Iterator[Books]:
    """Its books."""
    made = Books(running.settings.data_dir)
    yield made
    made.database.close()
