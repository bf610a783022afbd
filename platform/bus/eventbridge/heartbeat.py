"""Heartbeat: what a function holds stays its own while it lives, and is soon anybody's when it has died."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from types import TracebackType

_EVERY_SECONDS = 15.0
_LAST_BEAT_SECONDS = 5.0
_log = logging.getLogger(__name__)

Renew = Callable[[], object]


class Heartbeat:
    """Renews what is kept, in a thread of its own, for as long as the `with` lasts. A renewal that fails is logged and
    tried again with the next beat: what is held lasts for several."""

    def __init__(self, every_seconds: float = _EVERY_SECONDS) -> None:
        self._every_seconds = every_seconds
        self._kept: list[Renew] = []
        self._lock = Lock()
        self._is_over = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        # Whoever hangs in a call holds up nobody: what is renewed late is its owner's no more, and stays as it is.
        self._thread.join(_LAST_BEAT_SECONDS)

    @contextmanager
    def keeping(self, renew: Renew) -> Iterator[None]:
        """Renew something, too."""
        with self._lock:
            self._kept.append(renew)
        try:
            yield
        finally:
            with self._lock:
                self._kept.remove(renew)

    def _beat(self) -> None:
        while not self._is_over.wait(self._every_seconds):
            with self._lock:
                kept = list(self._kept)
            for renew in kept:
                attempt(renew)


def attempt(renew: Renew) -> None:
    """Renew something; a failure is logged."""
    try:
        renew()
    except Exception:
        _log.warning("what this function holds cannot be renewed now", exc_info=True)
