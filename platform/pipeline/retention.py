"""Forgets what is only of use for a while: deliveries, dead letters, spent tickets and claims, and deployments that
were never ready, with their logs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.store.port import Retention

_BATCH = 500
_MOST_BATCHES = 100
"""Of each kind at a time: what is left is for the next time."""


class Forgetting:
    """Forgets what is older than `kept`. Deployments that were ready and all that they need stay."""

    def __init__(
        self, store: Retention, dead_letters: DeadLetters, logs: Logs, kept: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._logs = logs
        self._dead_letters = dead_letters
        self._kept = kept
        self._clock = clock

    def forget(self) -> int:
        """Forget what is old, in small batches, and return how much that was. May be cut off anywhere."""
        before = self._clock() - self._kept
        kinds = (
            self._store.forget_deliveries,
            self._store.forget_spent,
            self._dead_letters.forget_dead_letters,
            self._forget_failures,
        )
        return sum(_in_batches(forget, before) for forget in kinds)

    def _forget_failures(self, before: datetime, limit: int) -> int:
        ids = self._store.failures(before, limit)
        for deployment_id in ids:
            self._logs.delete(deployment_id)
        self._store.forget_failures(ids)
        return len(ids)


def _in_batches(forget: Callable[[datetime, int], int], before: datetime) -> int:
    total = 0
    for _ in range(_MOST_BATCHES):
        count = forget(before, _BATCH)
        total += count
        if count < _BATCH:
            break
    return total
