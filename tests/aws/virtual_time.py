"""Time that passes only while everybody sleeps: many threads, the same every time, in no time."""

from collections.abc import Callable
from heapq import heappop, heappush
from threading import Condition, Thread


class VirtualTime:
    """Runs threads one after another. Who sleeps lets the one run that is to wake next."""

    def __init__(self) -> None:
        self.now = 0.0
        self._changed = Condition()
        self._sleepers: list[tuple[float, int]] = []
        self._tickets = 0
        self._awake: int | None = None

    def run(self, tasks: list[Callable[[], None]]) -> None:
        """Run all tasks, which begin together, to their ends."""
        failures: list[BaseException] = []

        def live(task: Callable[[], None], ticket: int) -> None:
            try:
                self._wait(ticket)
                task()
            except BaseException as error:
                failures.append(error)
            finally:
                self._next()

        threads = [Thread(target=live, args=(task, self._ticket(0.0))) for task in tasks]
        for thread in threads:
            thread.start()
        self._next()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def sleep(self, seconds: float) -> None:
        """Sleep, as one of the tasks."""
        ticket = self._ticket(seconds)
        self._next()
        self._wait(ticket)

    def _ticket(self, seconds: float) -> int:
        with self._changed:
            self._tickets += 1
            heappush(self._sleepers, (self.now + seconds, self._tickets))
            return self._tickets

    def _next(self) -> None:
        with self._changed:
            self._awake = None
            if self._sleepers:
                self.now, self._awake = heappop(self._sleepers)
            self._changed.notify_all()

    def _wait(self, ticket: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._awake == ticket)
