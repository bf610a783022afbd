"""A job: a function that waits to be run in a transaction, and who waits for it."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Job(Generic[T]):
    """One function for the writer, and what became of it. `settled` is called once, when that is known."""

    __slots__ = ("error", "function", "result", "settled")

    def __init__(self, function: Callable[[sqlite3.Connection], T], settled: Callable[[], None]) -> None:
        self.function = function
        self.settled = settled
        self.result: T | None = None
        self.error: BaseException | None = None


class Mailbox:
    """Brings settled jobs from the writer's thread into one event loop, many with one wake-up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._lock = Lock()
        self._settled: deque[tuple[Job[Any], asyncio.Future[Any]]] = deque()

    def post(self, job: Job[Any], waiting: asyncio.Future[Any]) -> None:
        """Take a settled job, in the writer's thread."""
        with self._lock:
            self._settled.append((job, waiting))
            if len(self._settled) > 1:
                return
        try:
            self.loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            # The loop was closed, so nobody waits any more. What was written stays written.
            self._settled.clear()

    def _deliver(self) -> None:
        with self._lock:
            settled, self._settled = self._settled, deque()
        for job, waiting in settled:
            if waiting.done():
                continue
            if job.error is not None:
                waiting.set_exception(job.error)
            else:
                waiting.set_result(job.result)
