"""Where new rows stand in a listing."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from battleshiper.platform.database.moment import to_microseconds

_DIGITS = 17
"""Of microseconds since 1970, enough for three thousand years."""


class Order:
    """Gives positions that follow one another in this process, whatever its clock does, and by the clock among all."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last = 0

    def next(self) -> str:
        """Return the next position."""
        with self._lock:
            self._last = max(to_microseconds(self._clock()), self._last + 1)
            return f"{self._last:0{_DIGITS}d}"


def position_of(moment: datetime) -> str:
    """Return the position that what came at `moment` has at least."""
    return f"{to_microseconds(moment):0{_DIGITS}d}"
