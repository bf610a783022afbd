"""The bus on one machine."""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from random import SystemRandom
from time import monotonic

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.port import DeadLetter, GiveUpError, Handler, RetryLaterError
from battleshiper.platform.bus.sqlite import queue
from battleshiper.platform.bus.sqlite.lane import Lane
from battleshiper.platform.bus.sqlite.queue import Queued
from battleshiper.platform.database.database import Database
from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.event import Event, EventType

_log = logging.getLogger(__name__)
_THREADS = 4
_MAX_ERROR = 2000


class SqliteBus:
    """Keeps events in the database until they are handled.

    Each type has threads of its own (`threads`, 4 where a type is not named). A failed event is tried again as
    `backoff` says; meanwhile its group waits, and nothing else does. What a dying process was handling is handled
    again by the next one. One process at a time may start the bus: `database.lock` sees to that.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        backoff: Backoff | None = None,
        threads: Mapping[EventType, int] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._threads = threads or {}
        self._random = SystemRandom().random
        self._handlers: dict[EventType, Handler] = {}
        self._lanes: dict[EventType, Lane] = {}
        self._is_changed = False
        database.after_commit(self._wake_if_changed)

    def publish(self, events: Sequence[Event]) -> None:
        """Put events on the bus; see `bus.port`."""
        self._database.write(lambda connection: self.enqueue(connection, events))

    def enqueue(self, connection: sqlite3.Connection, events: Sequence[Event]) -> None:
        """Put events on the bus as part of a write that is under way, for the store."""
        queue.put(connection, events, self._now())
        self._is_changed = True

    def subscribe(self, event_type: EventType, handler: Handler) -> None:
        """Name the handler of a type, before `start`; events without one wait. Raises ValueError for a second one."""
        if event_type in self._handlers:
            raise ValueError(f"{event_type} has a handler already")
        self._handlers[event_type] = handler

    def start(self) -> None:
        """Start to handle events, first those that an earlier process left."""
        for event_type, handler in self._handlers.items():
            upcoming = partial(self._upcoming, event_type)
            threads = self._threads.get(event_type, _THREADS)
            lane = Lane(event_type.value, threads, upcoming, partial(self._work, handler), self._now)
            self._lanes[event_type] = lane
            lane.start()

    def close(self, seconds: float = 10.0) -> bool:
        """Start nothing more and wait up to `seconds` for running handlers. False when some go on: their events
        will be handled again. The database must be closed after the bus."""
        for lane in self._lanes.values():
            lane.close()
        deadline = monotonic() + seconds
        joined = [lane.join(deadline) for lane in self._lanes.values()]
        return all(joined)

    def wake(self) -> None:
        """Look at once for what is due, after the clock was set."""
        for lane in self._lanes.values():
            lane.wake()

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """Return the latest dead letters, newest first."""
        return self._database.read(lambda connection: queue.dead_letters(connection, limit))

    def revive(self, event_id: str) -> bool:
        """Give a dead letter all its attempts again; False when there is none of this id."""

        def put_back(connection: sqlite3.Connection) -> bool:
            self._is_changed = True
            return queue.revive(connection, event_id, self._now())

        return self._database.write(put_back)

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        """Forget old dead letters; return how many."""
        died = to_microseconds(before)
        return self._database.write(lambda connection: queue.forget_dead_letters(connection, died, limit))

    def pending(self) -> int:
        """Return how many events are not handled yet."""
        return self._database.read(queue.count)

    def _upcoming(self, event_type: EventType, limit: int) -> list[Queued]:
        return self._database.read(lambda connection: queue.upcoming(connection, event_type, limit))

    def _work(self, handler: Handler, queued: Queued) -> None:
        try:
            handler(queued.event)
        except RetryLaterError as error:
            _log.info("%s %s waits: %s", queued.event.type, queued.event.id, error)
            self._postpone(queued, queued.attempts, error.seconds)
        except GiveUpError as error:
            self._bury(queued, str(error))
        except BaseException as error:  # whatever it is, it must not cost us the thread
            pause = self._backoff.pause(queued.attempts + 1, self._random)
            _log.warning("%s %s failed", queued.event.type, queued.event.id, exc_info=True)
            if pause is None:
                self._bury(queued, f"{type(error).__name__}: {error}")
            else:
                self._postpone(queued, queued.attempts + 1, pause)
        else:
            self._settle(lambda connection: queue.finish(connection, queued, self._now()))

    def _postpone(self, queued: Queued, attempts: int, seconds: float) -> None:
        due = self._now() + int(max(0.0, seconds) * 1e6)
        self._settle(lambda connection: queue.postpone(connection, queued, attempts, due))

    def _bury(self, queued: Queued, error: str) -> None:
        _log.error("%s %s is given up: %s", queued.event.type, queued.event.id, error)
        attempts = queued.attempts + 1
        text = storable(error[:_MAX_ERROR])
        self._settle(lambda connection: queue.bury(connection, queued, attempts, text, self._now()))

    def _settle(self, function: Callable[[sqlite3.Connection], None]) -> None:
        def settle(connection: sqlite3.Connection) -> None:
            self._is_changed = True
            function(connection)

        self._database.write(settle)

    def _wake_if_changed(self) -> None:
        if self._is_changed:
            self._is_changed = False
            self.wake()

    def _now(self) -> int:
        return to_microseconds(self._clock())
