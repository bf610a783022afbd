"""`cold_start`: milliseconds from the start of a fresh process to its first 202 for a push, in the webhook function's
own entry point, against importing together what such functions are usually made of. Both are byte-compiled.

AWS is a server on this machine that answers what the function asks, so that what is measured is the function's own.
"""

import os
import subprocess
import sys
from statistics import median

from benchmarks.figure import Figure
from benchmarks.ours.aws import FakeAws, push_event

_RUNS = 9
_USUAL = "import starlette.applications, mangum, pydantic, boto3, githubkit"
_OURS = "benchmarks.ours.cold_webhook"


def measure_cold_start() -> Figure:
    """Measure both in turn and compare the medians; what each keeps in memory is told on standard error."""
    with FakeAws() as aws:
        environment = {**os.environ, **aws.environment}
        event = push_event(aws.webhook_secret)

        def ours() -> tuple[float, float]:
            return _run([sys.executable, "-m", _OURS], environment, event)

        def usual() -> tuple[float, float]:
            return _run([sys.executable, "-c", _measured(_USUAL)], environment, "")

        for each in (ours, usual):
            each()  # writes the bytecode
        taken = [(ours(), usual()) for _ in range(_RUNS)]
    mine, theirs = zip(*taken, strict=True)
    for name, runs in (("ours", mine), ("baseline", theirs)):
        print(f"cold_start {name}: {median(kib for _, kib in runs) / 1024:.0f} MiB of memory", file=sys.stderr)
    return Figure("cold_start", median(ms for ms, _ in mine), median(ms for ms, _ in theirs), "ms")


def _run(arguments: list[str], environment: dict[str, str], given: str) -> tuple[float, float]:
    """Return the milliseconds and the KiB that the program says it took."""
    done = subprocess.run(arguments, env=environment, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    took, kept = done.stdout.split()[-2:]
    return float(took), float(kept)


def _measured(statement: str) -> str:
    return f"import time; start = time.perf_counter()\n{statement}\n{_TELL}"


_TELL = """
took = (time.perf_counter() - start) * 1000
print(took, open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""
