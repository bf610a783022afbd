"""The database: one writer, many readers, and a word to those who wait for changes."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from battleshiper.platform.database.connection import connect
from battleshiper.platform.database.error import DatabaseClosedError, DatabaseUnusableError
from battleshiper.platform.database.job import Job, Mailbox
from battleshiper.platform.database.migration import migrate
from battleshiper.platform.database.writer import Writer

T = TypeVar("T")
_MAX_IDLE_READERS = 16
_PRIVATE = 0o600
_OTHERS = 0o077


class Database:
    """One SQLite file. Opening it makes it, or brings its schema up to date; raises DatabaseError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Callable[[], None]] = []
        self._idle: deque[sqlite3.Connection] = deque()
        self._mailbox: Mailbox | None = None
        self._lock = Lock()
        self._closed = False
        self._connection = _open(path)
        self._writer = Writer(self._connection, self._tell)

    def write(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run `function` in a transaction; return its result, or raise its error, once that is durable.

        Its work stands or falls alone, though it shares a commit with others. It runs in the writer's thread, and
        once more when another one in its commit fails: it must be short, change nothing but by SQL, and not write
        through this database again.
        """
        latch = Lock()
        latch.acquire()
        job = Job(function, latch.release)
        self._writer.submit(job)
        latch.acquire()
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[return-value] # None only where T allows it: the function returned it

    async def write_soon(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """As `write`, without holding up the event loop. A canceled caller's work is done all the same."""
        loop = asyncio.get_running_loop()
        mailbox = self._mailbox
        if mailbox is None or mailbox.loop is not loop:
            mailbox = self._mailbox = Mailbox(loop)
        waiting: asyncio.Future[T] = loop.create_future()
        job: Job[T] = Job(function, lambda: mailbox.post(job, waiting))
        self._writer.submit(job)
        return await waiting

    def read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run `function` on a connection of its own, which sees everything written before. Any thread may read."""
        connection = self._borrow()
        try:
            return function(connection)
        finally:
            self._give_back(connection)

    def after_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit, in the writer's thread: it must be quick and must not write."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Finish what was asked for and close the file. Safe to call again."""
        self._writer.close()
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, deque()
        for connection in (*idle, self._connection):
            connection.close()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise DatabaseClosedError
            if self._idle:
                return self._idle.pop()
        connection = connect(self._path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _MAX_IDLE_READERS:
                self._idle.append(connection)
                return
        connection.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        _make_private(path)
        connection = connect(path)
        try:
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusableError(path, str(error)) from error
    return connection


def _make_private(path: Path) -> None:
    """Let nobody but the owner read what is kept. SQLite gives the files that it makes beside a file its mode; those
    that a crash left are there already."""
    path.touch(mode=_PRIVATE)
    for each in (path, *path.parent.glob(f"{path.name}-*")):
        if each.stat().st_mode & _OTHERS:
            each.chmod(_PRIVATE)
