"""How soon a function that ended by itself is started again."""

_STABLE_SECONDS = 30.0
_FIRST_SECONDS = 0.5
_MOST_SECONDS = 30.0


class Recovery:
    """Counts how often in a row a function did not live long. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self._failures = 0
        self._not_before = 0.0
        self.failure = ""

    def ended(self, now: float, *, lived: float, failure: str) -> None:
        """Note an end. Who lived long enough, or ends early for the first time, is started again at once."""
        self._failures = 0 if lived >= _STABLE_SECONDS else self._failures + 1
        pause = 0.0 if self._failures < 2 else min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** min(self._failures - 2, 10))
        self._not_before = now + pause
        self.failure = failure

    def remaining(self, now: float) -> float:
        """Return the seconds until the next start is allowed, 0 when it is."""
        return max(0.0, self._not_before - now)
