"""`webhook_ack`: pushes taken a second. We verify, decide and record durably with deployment, tickets and event, in
one worker; Probot verifies the same pushes and does nothing."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.app import APP_ID, WEBHOOK_SECRET, new_private_key
from benchmarks.baseline.installation import install_baselines
from benchmarks.deliveries import pushes
from benchmarks.figure import Figure
from benchmarks.load.choice import choose_load
from benchmarks.load.throughput import Load
from benchmarks.program import running

_SECONDS = 5.0
_CONNECTIONS = 32
_MOST_WARM, _MOST_PUSHES = 20_000, 100_000
"""Prepared, so that nothing is signed while it is measured."""
_BASELINE = Path(__file__).parent / "baseline" / "probot.mjs"


def measure_webhook_ack() -> Figure:
    """Measure both sides, one after the other."""
    load = choose_load()
    baselines = install_baselines()
    program = baselines / _BASELINE.name
    program.write_bytes(_BASELINE.read_bytes())
    environment = {"APP_ID": str(APP_ID), "PRIVATE_KEY": new_private_key(), "WEBHOOK_SECRET": WEBHOOK_SECRET}
    with TemporaryDirectory(prefix="battleshiper-bench-") as folder:
        ours = [sys.executable, "-m", "benchmarks.ours.webhooks", folder]
        here = Path(__file__).parents[1]
        mine = _measure(load, ours, here, {**environment, "PYTHONPATH": str(here)})
    theirs = _measure(load, ["node", program.name], baselines, {**environment, "NODE_ENV": "production"})
    return Figure("webhook_ack", mine, theirs, "requests/s")


def _measure(load: Load, command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    with running(command, folder=folder, environment=environment) as address:
        host = urlsplit(address).netloc
        # The first second warms up both sides: Node compiles, SQLite grows its log.
        warm, measured = pushes(host, range(_MOST_WARM)), pushes(host, range(_MOST_WARM, _MOST_WARM + _MOST_PUSHES))
        load.measure(address, warm, connections=_CONNECTIONS, seconds=1)
        return load.measure(address, measured, connections=_CONNECTIONS, seconds=_SECONDS).per_second
