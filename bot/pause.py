"""Pauses: who failed to reach GitHub keeps the others from trying the same at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

_TURN = timedelta(seconds=15)
"""How long the first one after a pause has to find out whether GitHub is back."""


class Pause:
    """One pause per key. When it ends, one caller goes first; the others follow when it calls `end`, or after its
    turn. Kept in memory: a process that starts finds out anew."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._until: dict[int, datetime] = {}
        self._trying: set[int] = set()
        self._lock = Lock()

    def seconds_left(self, key: int) -> float:
        """Return how long to wait; 0 means go now."""
        with self._lock:
            until, now = self._until.get(key), self._clock()
            if until is None:
                return 0.0
            if now < until:
                return (until - now).total_seconds()
            self._until[key] = now + _TURN
            self._trying.add(key)
            return 0.0

    def begin(self, key: int, seconds: float) -> None:
        """Let nobody try for so long. A longer pause stays as it is."""
        with self._lock:
            until = self._clock() + timedelta(seconds=seconds)
            if key in self._trying:
                self._trying.discard(key)
                self._until[key] = until
            else:
                self._until[key] = max(until, self._until.get(key, until))

    def end(self, key: int) -> None:
        """Let everybody go on."""
        with self._lock:
            self._until.pop(key, None)
            self._trying.discard(key)
