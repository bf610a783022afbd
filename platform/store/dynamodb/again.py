"""Taking a step again that somebody else was in the way of."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from battleshiper.platform.store.dynamodb.error import BusyError, StaleError

T = TypeVar("T")

_CHANCE = random.SystemRandom()
"""It parts those who collided, also where they started from the same snapshot of a function."""
_FIRST_SECONDS = 0.01
_LONGEST_SECONDS = 0.4


class Again:
    """Takes a step again, with pauses that grow and differ, until it is not stale; raises BusyError after `attempts`,
    which takes five seconds or so."""

    def __init__(self, attempts: int = 30, pause: Callable[[float], None] = time.sleep) -> None:
        self._attempts = attempts
        self._pause = pause

    def __call__(self, step: Callable[[], T]) -> T:
        """Take the step, which reads all that it needs by itself."""
        for attempt in range(self._attempts):
            try:
                return step()
            except StaleError:
                longest = min(_FIRST_SECONDS * 2**attempt, _LONGEST_SECONDS)
                self._pause(_CHANCE.uniform(0, longest))
        raise BusyError(self._attempts)
