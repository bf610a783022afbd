"""How long to wait before an event is tried again."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double with each failure, each somewhere between half and all of that, so that events which
    failed together do not all come back together. With the defaults an event is given up after about ten minutes."""

    attempts: int = 10
    """After so many failures an event is given up."""
    first_seconds: float = 2.0
    longest_seconds: float = 300.0

    def pause(self, failures: int, random: Callable[[], float]) -> float | None:
        """Return the seconds to wait after the failure number `failures` (from 1), None when it was the last.
        `random` returns numbers from 0 to 1."""
        if failures >= self.attempts:
            return None
        # The exponent is bounded because a float is.
        full = min(self.longest_seconds, self.first_seconds * 2.0 ** min(failures - 1, 60))
        return full * (1 + random()) / 2
