"""The pace of what we write: GitHub takes so much in a minute, and then nothing for longer
(https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits)."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

MOST_A_MINUTE = 80
_MINUTE = timedelta(minutes=1)


class Pace:
    """Counts the writes of each installation. Kept in memory: it spares GitHub most of what it would refuse."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._writes: dict[int, deque[datetime]] = {}
        self._lock = Lock()

    def take(self, installation_id: int) -> float:
        """Count a write and return 0, or return how many seconds it has to wait, uncounted."""
        with self._lock:
            now = self._clock()
            writes = self._writes.setdefault(installation_id, deque())
            while writes and now - writes[0] >= _MINUTE:
                writes.popleft()
            if len(writes) >= MOST_A_MINUTE:
                return (_MINUTE - (now - writes[0])).total_seconds()
            writes.append(now)
            return 0.0
