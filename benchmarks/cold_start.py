"""`cold_start`: milliseconds from the start of a fresh process to its first 202 for a push, in the webhook function's
own entry point, against importing together what such functions are usually made of.

AWS is a server on this machine that answers what the function asks, so that what is measured is the function's own.
"""

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName
from benchmarks.figure import Figure
from benchmarks.ours.aws import FakeAws, push_event
from benchmarks.starts import Starts

_RUNS = 15
_OURS = Path(__file__).parent / "ours" / "cold_webhook.py"


def measure_cold_start() -> Figure:
    """Measure both in turn and compare the medians; what each keeps in memory is told on standard error."""
    with TemporaryDirectory() as temporary, FakeAws() as aws:
        starts = Starts(Path(temporary))
        package = starts.lay_out(SHAPES[FunctionName.WEBHOOK].package)
        starts.compile_usual()
        event = push_event(aws.webhook_secret)

        def both() -> tuple[tuple[float, float], tuple[float, float]]:
            return starts.ours(package, [str(_OURS)], aws.environment, event), starts.usual()

        both()  # brings the files into memory
        mine, theirs = zip(*(both() for _ in range(_RUNS)), strict=True)
    for name, runs in (("ours", mine), ("baseline", theirs)):
        print(f"cold_start {name}: {median(kib for _, kib in runs) / 1024:.0f} MiB of memory", file=sys.stderr)
    return Figure("cold_start", median(ms for ms, _ in mine), median(ms for ms, _ in theirs), "ms")
