"""How long one account's build waits behind a thousand of another's."""

from dataclasses import dataclass
from random import Random
from statistics import median

from benchmarks.scale.sharing import Build, Queue

_SHORTEST, _LONGEST = 30.0, 1200.0
"""Seconds of a build; the longest is what the platform allows."""
_RUNS = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was seen in all runs."""

    slots: int
    longest_build: float
    longest_wait: float
    median_wait: float
    passed_by: int
    """The most builds of the other account that started while the one waited."""
    longest_wait_in_order: float
    """The longest wait in a queue without shares."""


def simulate_waiting(slots: int, queued: int) -> Waiting:
    """Let one account queue builds of all lengths, and another come with one at some time after that, again and
    again."""
    runs = [_run(slots, queued, seed, is_fair=True) for seed in range(_RUNS)]
    in_order = [_run(slots, queued, seed, is_fair=False) for seed in range(_RUNS)]
    return Waiting(
        slots,
        max(longest for _, _, longest in runs),
        max(wait for wait, _, _ in runs),
        median(wait for wait, _, _ in runs),
        max(passed for _, passed, _ in runs),
        max(wait for wait, _, _ in in_order),
    )


def _run(slots: int, queued: int, seed: int, *, is_fair: bool) -> tuple[float, int, float]:
    random = Random(seed)  # noqa: S311 - the same every time
    builds = [Build("many", 0.0, random.uniform(_SHORTEST, _LONGEST)) for _ in range(queued)]
    # While there is still a queue to wait in.
    comes = random.uniform(0.0, 0.8 * sum(build.seconds for build in builds) / slots)
    one = Build("one", comes, random.uniform(_SHORTEST, _LONGEST))
    queue = Queue(slots, is_fair=is_fair)
    queue.run([*builds, one])
    before = queue.started[: queue.started.index(one)]
    passed = sum(comes < build.started for build in before)
    return one.waited, passed, max(build.seconds for build in builds)
