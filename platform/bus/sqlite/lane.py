"""A lane: the threads that handle the events of one type. A slow handler holds up its own type only."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic

from battleshiper.platform.bus.sqlite.queue import Queued

_log = logging.getLogger(__name__)
_LONGEST_WAIT = 5.0
"""Seconds; a bound on what a stepped clock can cost."""


class Lane:
    """Takes events of one type, each by one thread, until it is closed.

    `upcoming(n)` returns the first n events that have a time, `work` handles one to its end, and `now` tells the
    time in microseconds. Which events are being worked on is kept in memory only: one process owns the queue, and
    when it dies they are all to be handled again.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        upcoming: Callable[[int], list[Queued]],
        work: Callable[[Queued], None],
        now: Callable[[], int],
    ) -> None:
        self._upcoming = upcoming
        self._work = work
        self._now = now
        self._changed = Condition()
        self._ready: deque[Queued] = deque()
        self._taken: set[int] = set()
        self._closed = False
        self._threads = [Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Start to take events."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Tell that there may be something new."""
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """Take no more events."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, deadline: float) -> bool:
        """Wait for running handlers until `deadline` on the monotonic clock; False when one is still at work."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while not self._closed:
            queued: Queued | None = None
            try:
                queued = self._take()
                if queued is not None:
                    self._work(queued)
            except Exception:
                # The event, if there was one, stands in the queue as it was.
                _log.exception("the queue could not be read or written")
                self._rest()
            finally:
                if queued is not None:
                    with self._changed:
                        self._taken.discard(queued.sequence)

    def _rest(self) -> None:
        with self._changed:
            if not self._closed:
                self._changed.wait(_LONGEST_WAIT)

    def _take(self) -> Queued | None:
        with self._changed:
            while not self._closed:
                if not self._ready:
                    wait = self._refill()
                if self._ready:
                    if len(self._ready) > 1:
                        self._changed.notify()
                    return self._ready.popleft()
                self._changed.wait(wait)
        return None

    def _refill(self) -> float:
        """Take what is due; return the seconds until something is, if nothing is now."""
        count = len(self._threads)
        now = self._now()
        for queued in self._upcoming(len(self._taken) + count):
            if queued.sequence in self._taken:
                continue
            if queued.due > now:
                return min(_LONGEST_WAIT, (queued.due - now) / 1e6)
            self._ready.append(queued)
            self._taken.add(queued.sequence)
        return _LONGEST_WAIT
