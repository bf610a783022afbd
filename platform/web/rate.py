"""How often somebody may ask: a bucket of requests that fills again by itself."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock

_MOST_KEPT = 10_000


class Rate:
    """Counts requests by whoever makes them. What is counted is this process's: where several answer, each counts for
    itself."""

    def __init__(self, clock: Callable[[], datetime], per_minute: int, burst: int) -> None:
        """`burst` is how many may come at once after a pause."""
        self._clock = clock
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> float:
        """Count one request; return 0 when it may go on, else in how many seconds one may."""
        now = self._clock()
        with self._lock:
            left, seen_at = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + max(0.0, (now - seen_at).total_seconds()) * self._per_second)
            is_free = left >= 1
            self._left[key] = (left - 1 if is_free else left, now)
            if len(self._left) > _MOST_KEPT:
                self._left.popitem(last=False)
        return 0.0 if is_free else (1 - left) / self._per_second
