"""What is made of secrets: made when it is first needed, and made anew now and then.

A function's environment may live for hours, and one that starts from a snapshot was made weeks ago: it must learn
that a secret has changed, and no snapshot should hold one.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_KEPT_SECONDS = 300.0
_AGAIN_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Fresh(Generic[T]):
    """Calls return what `make` made last, at most five minutes ago.

    When it cannot be made anew, what there is goes on for another while; what was never made raises what `make` raises.
    `clock` tells Unix seconds: a monotonic clock may stand still between a snapshot and its use.
    """

    def __init__(self, make: Callable[[], T], clock: Callable[[], float] = time.time) -> None:
        self._make = make
        self._clock = clock
        self._lock = Lock()
        self._made: list[T] = []
        self._until = 0.0

    def __call__(self) -> T:
        """Return it."""
        with self._lock:
            if not self._made or self._clock() >= self._until:
                self._renew()
            return self._made[-1]

    def _renew(self) -> None:
        try:
            self._made = [self._make()]
            self._until = self._clock() + _KEPT_SECONDS
        except Exception:
            if not self._made:
                raise
            _log.warning("what was made of the secrets goes on, because it cannot be made anew", exc_info=True)
            self._until = self._clock() + _AGAIN_SECONDS
