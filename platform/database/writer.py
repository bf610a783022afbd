"""The one thread that writes. It commits for many callers at once, because a commit costs a disk flush."""

import logging
import sqlite3
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any

from battleshiper.platform.database.error import DatabaseClosedError
from battleshiper.platform.database.job import Job

_log = logging.getLogger(__name__)
_MAX_BATCH = 1000


class Writer:
    """Runs jobs in the order they come, each whole or not at all, and settles them once they are durable."""

    def __init__(self, connection: sqlite3.Connection, committed: Callable[[], None]) -> None:
        self._connection = connection
        self._committed = committed
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._lock = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job[Any]) -> None:
        """Queue a job; raises DatabaseClosedError, and RuntimeError when a job submits another one and would
        wait for itself."""
        if current_thread() is self._thread:
            raise RuntimeError("a function that writes must not start another write")
        with self._lock:
            if self._closed:
                raise DatabaseClosedError
            self._jobs.put(job)

    def close(self) -> None:
        """Finish what was submitted and stop."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch: list[Job[Any]] = [first]
            is_last = False
            try:
                while len(batch) < _MAX_BATCH:
                    job = self._jobs.get_nowait()
                    if job is None:
                        is_last = True
                        break
                    batch.append(job)
            except Empty:
                pass
            self._write(batch)
            if is_last:
                return

    def _write(self, batch: list[Job[Any]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._run_all(batch)
            self._connection.execute("COMMIT")
        except BaseException as error:  # it belongs to those who wait; the thread must go on
            for job in batch:
                job.error = error
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        for job in batch:
            job.settled()
        try:
            self._committed()
        except Exception:
            _log.exception("a listener to commits failed")

    def _run_all(self, batch: list[Job[Any]]) -> None:
        # Jobs seldom fail, and a savepoint costs more than many a job. So they get one only when one has failed.
        try:
            for job in batch:
                job.result = job.function(self._connection)
        except BaseException:
            if len(batch) == 1 or not self._connection.in_transaction:
                raise  # there is nobody else's work to save
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._attempt(job)

    def _attempt(self, job: Job[Any]) -> None:
        execute = self._connection.execute
        execute("SAVEPOINT job")
        try:
            job.result = job.function(self._connection)
        except BaseException as error:  # it belongs to whoever waits for the job
            if not self._connection.in_transaction:
                raise  # a full or failing disk has ended the whole transaction, and with it every job's work
            job.error = error
            execute("ROLLBACK TO job")
        execute("RELEASE job")
