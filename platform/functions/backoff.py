"""How long to leave a function alone that keeps failing."""

import time
from collections.abc import Callable

_STABLE_SECONDS = 60.0
"""Who lived that long has not failed for the reason it failed for before."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class Backoff:
    """Remembers the failures of one function. After the first it may start again at once, after each further one
    twice as late."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0
        self.reason = ""
        """Why it failed last."""

    def record(self, reason: str, lived_seconds: float) -> None:
        """Take note of a failure."""
        self.reason = reason
        self._failures = 1 if lived_seconds >= _STABLE_SECONDS else self._failures + 1
        pause = _FIRST_PAUSE * 2.0 ** min(self._failures - 2, 20) if self._failures > 1 else 0.0
        self._until = self._clock() + min(pause, _LONGEST_PAUSE)

    @property
    def remaining(self) -> float:
        """Seconds until it may start again, 0.0 when it may now."""
        return max(0.0, self._until - self._clock())
