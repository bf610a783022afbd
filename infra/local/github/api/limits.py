"""Rate limits: counted and told as at GitHub."""

import threading
from dataclasses import dataclass
from datetime import timedelta

from battleshiper.infra.local.github.access import Caller, Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError
from battleshiper.infra.local.github.moment import Clock

LIMIT = 5000
"""Requests an hour. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""

_NOBODY_LIMIT = 60
_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class _Window:
    reset: int
    used: int = 0


class RateLimits:
    """Counts each caller's requests in windows of an hour. Callers of a kind share one window."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[Kind, _Window] = {}
        self._lock = threading.Lock()

    def count(self, caller: Caller, *, spent: bool = True) -> None:
        """Count a request; raises ApiError when there were too many."""
        with self._lock:
            window = self._window(caller)
            if spent and window.used >= _limit(caller):
                raise ApiError(403, "API rate limit exceeded")
            window.used += spent

    def headers(self, caller: Caller) -> dict[str, str]:
        """Return the headers that tell the caller where it stands."""
        numbers = self.overview(caller)
        named = {f"X-RateLimit-{name.capitalize()}": str(value) for name, value in numbers.items()}
        return named | {"X-RateLimit-Resource": "core"}

    def overview(self, caller: Caller) -> dict[str, int]:
        """Return the caller's limit, what is used and left of it, and the second since 1970 when it starts anew."""
        with self._lock:
            window, limit = self._window(caller), _limit(caller)
            return {"limit": limit, "remaining": limit - window.used, "reset": window.reset, "used": window.used}

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        return [Endpoint("GET", "/rate_limit", self._show, public=True)]

    def _show(self, call: Call) -> Answer:
        core = self.overview(call.caller)
        search = {**core, "limit": 30, "remaining": 30, "used": 0}
        return Answer({"resources": {"core": core, "search": search}, "rate": core})

    def _window(self, caller: Caller) -> _Window:
        now = self._clock()
        window = self._windows.get(caller.kind)
        if window is None or window.reset <= now.timestamp():
            window = self._windows[caller.kind] = _Window(int((now + _HOUR).timestamp()))
        return window


def _limit(caller: Caller) -> int:
    return _NOBODY_LIMIT if caller.kind is Kind.NOBODY else LIMIT
