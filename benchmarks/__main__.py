"""Runs the benchmarks named on the command line, or all, and prints one JSON object a line.

What is done meanwhile goes to standard error.
"""

import sys
from collections.abc import Callable

from benchmarks.building import measure_overhead, measure_rollback, measure_warm_build
from benchmarks.cold_start import measure_cold_start
from benchmarks.edge_route import measure_edge_route
from benchmarks.figure import Figure
from benchmarks.functions import measure_functions
from benchmarks.serving import measure_ssr, measure_static
from benchmarks.transfer import measure_transfer
from benchmarks.webhook_ack import measure_webhook_ack

_BENCHMARKS: dict[str, Callable[[], Figure | list[Figure]]] = {
    "webhook_ack": measure_webhook_ack,
    "overhead": measure_overhead,
    "warm_build": measure_warm_build,
    "edge_route": measure_edge_route,
    "static": measure_static,
    "ssr": measure_ssr,
    "rollback": measure_rollback,
    "transfer_1000": measure_transfer,
    "cold_start": measure_cold_start,
    "functions": measure_functions,
}


def main(names: list[str]) -> int:
    """Measure and return the exit status: 2 for an unknown name."""
    unknown = [name for name in names if name not in _BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are: {', '.join(_BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in names or _BENCHMARKS:
        measured = _BENCHMARKS[name]()
        for figure in measured if isinstance(measured, list) else [measured]:
            print(figure.to_json(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
