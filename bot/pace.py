"""The pace of what we write. GitHub takes so much from an installation in a minute, and then nothing for longer
(https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits)."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

_GITHUB = "api.github.com"
_GITHUB_OF_AN_ENTERPRISE = ".ghe.com"
"""https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency"""
_MOST_A_MINUTE = 80
_MINUTE = timedelta(minutes=1)


class Pace:
    """Counts the writes of each installation, in memory. What can wait does so from half of them on, so that the rest
    is there for what cannot."""

    def __init__(self, clock: Callable[[], datetime], most_a_minute: int | None) -> None:
        """Without `most_a_minute` everything goes."""
        self._clock = clock
        self._most = most_a_minute
        self._writes: dict[int, deque[datetime]] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, api_url: str, clock: Callable[[], datetime]) -> "Pace":
        """Return the pace that the GitHub at this address wants; an Enterprise Server has no such limit unless its
        administrator sets one, and then says when to come again."""
        host = urlsplit(api_url).hostname or ""
        return cls(clock, _MOST_A_MINUTE if host == _GITHUB or host.endswith(_GITHUB_OF_AN_ENTERPRISE) else None)

    def take(self, installation_id: int) -> float:
        """Count a write and return 0, or return how many seconds it has to wait, uncounted."""
        with self._lock:
            seconds = self._seconds_left(installation_id, self._most)
            if not seconds:
                self._writes[installation_id].append(self._clock())
            return seconds

    def seconds_left(self, installation_id: int, *, can_wait: bool) -> float:
        """Return how long what is to be written next has to wait; 0 means go now."""
        most = self._most // 2 if self._most and can_wait else self._most
        with self._lock:
            return self._seconds_left(installation_id, most)

    def _seconds_left(self, installation_id: int, most: int | None) -> float:
        writes = self._writes.setdefault(installation_id, deque())
        now = self._clock()
        while writes and now - writes[0] >= _MINUTE:
            writes.popleft()
        if most is None:
            writes.clear()
        if most is None or len(writes) < most:
            return 0.0
        return (writes[len(writes) - most] + _MINUTE - now).total_seconds()
