"""A small model of how Batch shares machines fairly among accounts.

As AWS documents it: whenever there is room, the next job is one of the share that has used the least, counted in vCPU
seconds of what runs and of what ended lately; within a share the oldest job is next
(https://aws.amazon.com/blogs/hpc/deep-dive-on-fair-share-scheduling-in-aws-batch/). How Batch weighs what is longer ago
is not documented; here it counts in full within the decay time and not at all before.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

DECAY_SECONDS = 900.0
"""As the stack sets it (`infra/aws/stack/builds.py`)."""


@dataclass(slots=True)
class Build:
    """A build of an account; it runs for `seconds` once it has started."""

    account: str
    submitted: float
    seconds: float
    started: float = field(default=-1.0)

    @property
    def waited(self) -> float:
        """How long it waited for its start."""
        return self.started - self.submitted


class Queue:
    """Runs builds, `slots` at a time. All builds are of one size, so seconds of a slot stand for vCPU seconds."""

    def __init__(self, slots: int, *, is_fair: bool) -> None:
        self._free = slots
        self._is_fair = is_fair
        self._waiting: dict[str, deque[Build]] = {}
        self._counted: dict[str, deque[Build]] = {}
        self._running: list[tuple[float, int]] = []
        self.started: list[Build] = []
        """All builds, in the order of their starts."""

    def run(self, builds: Iterable[Build]) -> None:
        """Run builds to their ends; each comes when it is submitted."""
        coming = deque(sorted(builds, key=lambda build: build.submitted))
        while coming or self._running:
            ends = self._running[0][0] if self._running else float("inf")
            now = min(ends, coming[0].submitted if coming else float("inf"))
            while self._running and self._running[0][0] <= now:
                heappop(self._running)
                self._free += 1
            while coming and coming[0].submitted <= now:
                build = coming.popleft()
                self._waiting.setdefault(build.account, deque()).append(build)
            self._start(now)

    def _start(self, now: float) -> None:
        while self._free and (account := self._next(now)) is not None:
            build = self._waiting[account].popleft()
            build.started = now
            self._free -= 1
            heappush(self._running, (now + build.seconds, len(self.started)))
            self._counted.setdefault(account, deque()).append(build)
            self.started.append(build)

    def _next(self, now: float) -> str | None:
        waiting = {account: builds[0].submitted for account, builds in self._waiting.items() if builds}
        if not self._is_fair:
            return min(waiting, key=lambda account: waiting[account], default=None)
        return min(waiting, key=lambda account: (self._used(account, now), waiting[account]), default=None)

    def _used(self, account: str, now: float) -> float:
        builds = self._counted.get(account, deque())
        since = now - DECAY_SECONDS
        while builds and builds[0].started + builds[0].seconds < since:
            builds.popleft()
        return sum(max(0.0, min(now, build.started + build.seconds) - max(since, build.started)) for build in builds)
