"""Jobs that wait in vain for a machine: Spot has none to give, a quota is used up, or the queue is broken."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from battleshiper.platform.builder.batch.builder import BatchBuilder
from battleshiper.platform.builder.batch.change import JobChange, read_change
from battleshiper.platform.builder.batch.judgement import NO_CAPACITY, NO_SPOT_CAPACITY
from battleshiper.platform.builder.batch.record import Capacity, deployment_of
from battleshiper.platform.builder.batch.submission import Target

if TYPE_CHECKING:
    from types_boto3_batch import BatchClient

_PATIENCE = {Capacity.SPOT: timedelta(minutes=10), Capacity.ON_DEMAND: timedelta(minutes=30)}
_REASON = {Capacity.SPOT: NO_SPOT_CAPACITY, Capacity.ON_DEMAND: NO_CAPACITY}
_BLOCKED = ("CAPACITY:", "MISCONFIGURATION:", "ACTION_REQUIRED", "UNDETERMINED")
"""How Batch begins to say why the head of a queue does not move (user guide, "Jobs stuck in a RUNNABLE status")."""
_AT_ONCE = 100
"""How many jobs DescribeJobs takes."""


class WaitingJobs:
    """Looks through the queues."""

    def __init__(
        self, client: "BatchClient", builder: BatchBuilder, target: Target, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._builder = builder
        self._target = target
        self._clock = clock

    def sweep(self) -> int:
        """End every job that waits in vain and return how many there were. Its end comes back as an event like any
        other: one of the Spot queue goes on in the other queue, one of that has failed.

        In a queue that moves a job waits for its turn, however long; only what Batch itself says is stuck is ended
        there.
        """
        # All are found before any is ended: what leaves one queue may be in the other a moment later.
        stuck = [
            (capacity, job) for capacity, queue in self._target.queues.items() for job in self._stuck(capacity, queue)
        ]
        for capacity, job in stuck:
            self._builder.terminate(job.id, f"{_REASON[capacity]}: {job.status_reason}".rstrip(": "))
        return len(stuck)

    def _stuck(self, capacity: Capacity, queue: str) -> list[JobChange]:
        impatient_at = int((self._clock() - _PATIENCE[capacity]).timestamp() * 1000)
        waiting = [job for job in self._waiting(queue, impatient_at) if job.waiting_since <= impatient_at]
        if waiting and self._is_moving(queue):
            return [job for job in waiting if job.status_reason.startswith(_BLOCKED)]
        return waiting

    def _waiting(self, queue: str, created_before: int) -> Iterator[JobChange]:
        """Yield our jobs that wait in a queue, as far as they are old enough to be looked at."""
        pages = self._client.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus="RUNNABLE")
        found = [
            job["jobId"]
            for page in pages
            for job in page["jobSummaryList"]
            if deployment_of(job["jobName"]) and job.get("createdAt", 0) <= created_before
        ]
        for start in range(0, len(found), _AT_ONCE):
            # A job that was run before waits since its attempt ended; only this call tells.
            for job in self._client.describe_jobs(jobs=found[start : start + _AT_ONCE])["jobs"]:
                if job["status"] == "RUNNABLE":
                    yield read_change(job)

    def _is_moving(self, queue: str) -> bool:
        return any(
            self._client.list_jobs(jobQueue=queue, jobStatus=status, maxResults=1)["jobSummaryList"]
            for status in ("STARTING", "RUNNING")
        )
