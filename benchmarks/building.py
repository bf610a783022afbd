"""`overhead`, `warm_build` and `rollback`: what a push costs, beside the same commands typed by hand."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from battleshiper.infra.cli.client import Client
from battleshiper.infra.local.demo.repository import DemoRepository
from battleshiper.infra.local.github.app import PERSONAL_TOKEN_FILE
from battleshiper.infra.local.running import RunningPlatform, run
from battleshiper.platform.functions.node import Nodes
from benchmarks.figure import Figure
from benchmarks.ours.platform import choose_settings

_ROUNDS = 5
_POLL_SECONDS = 0.5
"""Asking costs the machine something too, and no figure hangs on it."""
_QUIET_SECONDS = 2.0
"""Until the platform has made itself ready for the next push, which is not to slow down what is typed."""
_PAGE = "src/routes/+page.svelte"


def measure_overhead() -> Figure:
    """Seconds from `git push` to ready, and those of fetch, install and build typed by hand on the same commit. Both
    sides begin without packages and have the same Node and npm."""
    with _yard() as yard:
        yard.deploy("first")  # brings the Node that both sides use
        ours, baseline = [], []
        for number in range(_ROUNDS):
            name = f"round-{number}"
            ours.append(yard.deploy(name).seconds)
            sleep(_QUIET_SECONDS)
            baseline.append(yard.type_by_hand(name))
        return Figure("overhead", statistics.median(ours), statistics.median(baseline), "s")


def measure_warm_build() -> Figure:
    """Seconds that a project's second build takes, beside those of its first."""
    with _yard() as yard:
        yard.deploy("first")
        cold, warm = [], []
        for number in range(_ROUNDS):
            name = f"round-{number}"
            cold.append(yard.deploy(name).build_seconds)
            warm.append(yard.change(name).build_seconds)
        return Figure("warm_build", statistics.median(warm), statistics.median(cold), "s")


def measure_rollback() -> Figure:
    """Milliseconds that a rollback takes, beside those of a push that says the same."""
    with _yard() as yard:
        yard.deploy("first")
        baseline = yard.change("first").seconds * 1000
        times = []
        for deployment in _alternate(yard.client.get("/deployments", project="first")):
            start = monotonic()
            yard.client.post("/projects/first/rollback", deployment=deployment)
            times.append((monotonic() - start) * 1000)
        return Figure("rollback", statistics.median(times), baseline, "ms")


@dataclass(frozen=True, slots=True)
class _Deployed:
    seconds: float
    """From before the push until the site was ready, by the platform's own record and the same clock."""
    build_seconds: float


class _Yard:
    def __init__(self, running: RunningPlatform, folder: Path) -> None:
        self.client = Client.for_settings(running.settings)
        self._running = running
        self._folder = folder
        self._repositories: dict[str, DemoRepository] = {}

    def deploy(self, name: str) -> _Deployed:
        """Push the demo's site as a new project."""
        repository = DemoRepository(self._folder / name, self._running.push_url(name))
        repository.create()
        self._repositories[name] = repository
        return self._push(repository)

    def change(self, name: str) -> _Deployed:
        """Push another headline."""
        repository = self._repositories[name]
        repository.change(_PAGE, lambda source: source.replace("<h1>", "<h1>Again: ", 1), "Change the headline")
        return self._push(repository)

    def type_by_hand(self, name: str) -> float:
        """Fetch, install and build as a person would; return the seconds."""
        token = (self._running.settings.data_dir / "github" / PERSONAL_TOKEN_FILE).read_text().strip()
        address = self._running.push_url(name).replace("://", f"://me:{token}@")
        tools = self._running.settings.data_dir / "cache" / "tools"
        programs = [Nodes(tools).choose("24.0.0").parent, next(tools.glob("npm/*/node_modules/.bin"))]
        with TemporaryDirectory(prefix="battleshiper-bench-") as folder:
            environment = {
                **os.environ,
                "PATH": ":".join([*map(str, programs), os.environ["PATH"]]),
                "npm_config_cache": f"{folder}/npm-cache",
                "CI": "1",
            }
            start = monotonic()
            for command in (["git", "clone", "--quiet", "--depth", "1", address, "site"], _INSTALL, _BUILD):
                where = folder if command[0] == "git" else f"{folder}/site"
                subprocess.run(command, cwd=where, env=environment, check=True, capture_output=True)
            return monotonic() - start

    def _push(self, repository: DemoRepository) -> _Deployed:
        start = datetime.now(UTC)
        sha = repository.push()
        while not (deployment := self._find(sha)):
            sleep(_POLL_SECONDS)
        if deployment["state"] != "ready":
            raise SystemExit(f"The site was not deployed: {deployment['reason']}")
        building, deploying, ready = (
            datetime.fromisoformat(deployment[moment]) for moment in ("building_at", "deploying_at", "finished_at")
        )
        seconds = (ready - start).total_seconds()
        print(f"  {deployment['project']}: ready after {seconds:.1f} s", file=sys.stderr)
        return _Deployed(seconds, (deploying - building).total_seconds())

    def _find(self, sha: str) -> dict[str, Any] | None:
        found = self.client.get("/deployments", limit=3)
        return next((each for each in found if each["sha"] == sha and each["finished"]), None)


_INSTALL = ["npm", "ci", "--no-audit", "--no-fund"]
_BUILD = ["npm", "run", "build"]


@contextmanager
def _yard() -> Iterator[_Yard]:
    with TemporaryDirectory(prefix="battleshiper-bench-", ignore_cleanup_errors=True) as folder:
        with run(choose_settings(Path(folder) / "data")) as running:
            yard = _Yard(running, Path(folder))
            yield yard
            yard.client.close()


def _alternate(deployments: list[dict[str, Any]]) -> list[str]:
    newest, oldest = deployments[0]["id"], deployments[-1]["id"]
    return [oldest, newest] * 10
