"""The load generator of this machine."""

import sys

from benchmarks.load.asking import Asking
from benchmarks.load.throughput import Load
from benchmarks.load.wrk import Wrk


def choose_load() -> Load:
    """Return wrk where it is installed, else our own, and say which on standard error."""
    load: Load = Wrk() if Wrk.is_here() else Asking()
    print(f"Load comes from {load.name}.", file=sys.stderr)
    return load
