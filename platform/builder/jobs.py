"""The queue of build jobs of one machine, in the platform's database."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from battleshiper.platform.builder.port import Job, JobEnd, JobStatus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.event import Event, EventType

Enqueue = Callable[[sqlite3.Connection, Sequence[Event]], None]
"""Puts events on the bus within the transaction of the connection."""

MAX_INTERRUPTIONS = 5
_INTERRUPTED = (
    "The platform came to a sudden end {times} times while this was built, perhaps because of it. Build with less "
    "memory and fewer processes, then redeploy."
)


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job that is being worked on; `attempt` counts from 1."""

    id: str
    project_id: str
    deploy_ticket: str
    seconds: int
    attempt: int


class Jobs:
    """Jobs, waiting and running. A job is here until its end is on the bus."""

    def __init__(self, database: Database, enqueue: Enqueue) -> None:
        self._database = database
        self._enqueue = enqueue

    def add(self, job: Job) -> None:
        """Add a job; one that is here already stays as it is."""
        row = (job.id, job.project_id, job.account_id, job.deploy_ticket, job.seconds)
        self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO jobs (id, project_id, account_id, deploy_ticket, seconds) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                row,
            )
        )

    def take(self) -> QueuedJob | None:
        """Mark the next waiting job as running and return it: the oldest of the account that has fewest running."""

        def take(connection: sqlite3.Connection) -> QueuedJob | None:
            row = connection.execute(
                "SELECT id, project_id, deploy_ticket, seconds, attempt FROM jobs AS job WHERE NOT running ORDER BY "
                "(SELECT count(*) FROM jobs WHERE running AND account_id = job.account_id), sequence LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            connection.execute("UPDATE jobs SET running = 1, attempt = attempt + 1 WHERE id = ?", (row[0],))
            return QueuedJob(row[0], row[1], row[2], row[3], row[4] + 1)

        return self._database.write(take)

    def release(self, job_id: str) -> None:
        """Let a running job wait again."""
        self._database.write(
            lambda connection: connection.execute("UPDATE jobs SET running = 0 WHERE id = ?", (job_id,))
        )

    def put_back(self, job_id: str) -> None:
        """Let a running job wait again as if it had not been taken: the platform stops, and cut it off."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE jobs SET running = 0, attempt = attempt - 1 WHERE id = ? AND running", (job_id,)
            )
        )

    def recover(self) -> None:
        """Let every job wait again that still runs in the books: nothing runs when the platform starts. That the
        platform died was no failed attempt of theirs, but a job with which it died too often has failed."""

        def recover(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE jobs SET running = 0, attempt = attempt - 1, interruptions = interruptions + 1 WHERE running"
            )
            ended = connection.execute(
                "DELETE FROM jobs WHERE interruptions >= ? RETURNING id, project_id, deploy_ticket, interruptions",
                (MAX_INTERRUPTIONS,),
            ).fetchall()
            for job_id, project_id, ticket, times in ended:
                end = JobEnd(job_id, project_id, ticket, JobStatus.FAILED, _INTERRUPTED.format(times=times))
                self._enqueue(connection, [Event(EventType.DEPLOY, end.to_detail())])

        self._database.write(recover)

    def remove(self, job_id: str) -> None:
        """Forget a job without a word."""
        self._database.write(lambda connection: connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,)))

    def finish(self, job_id: str, end: JobEnd) -> None:
        """Forget a job and report its end, both or neither; nothing when it was forgotten before."""

        def finish(connection: sqlite3.Connection) -> None:
            if connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,)).rowcount:
                self._enqueue(connection, [Event(EventType.DEPLOY, end.to_detail())])

        self._database.write(finish)
