"""Forgets what is only of use for a while: deliveries, dead letters, spent tickets and claims."""

from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.store.port import Retention

_BATCH = 500
_MOST_BATCHES = 100
"""Of each kind at a time: what is left is for the next time."""


class Forgetting:
    """Forgets what is older than `kept`. Deployments and all that they need stay."""

    def __init__(
        self, store: Retention, dead_letters: DeadLetters, kept: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._dead_letters = dead_letters
        self._kept = kept
        self._clock = clock

    def forget(self) -> int:
        """Forget what is old, in small batches, and return how much that was. May be cut off anywhere."""
        before = self._clock() - self._kept
        kinds = (self._store.forget_deliveries, self._store.forget_spent, self._dead_letters.forget_dead_letters)
        return sum(_in_batches(forget, before) for forget in kinds)


def _in_batches(forget: Callable[[datetime, int], int], before: datetime) -> int:
    total = 0
    for _ in range(_MOST_BATCHES):
        count = forget(before, _BATCH)
        total += count
        if count < _BATCH:
            break
    return total
