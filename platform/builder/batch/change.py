"""What Batch says when the state of a job changes.

The shape is that of the event's `detail`, which is also what DescribeJobs answers for one job
(https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JobChange:
    """A job at Batch, as far as we look at it."""

    id: str
    name: str
    status: str
    status_reason: str
    """Why the job is where it is: the platform's own words for most ends."""
    reason: str
    """What the container's machinery says, such as an image that cannot be pulled."""
    exit_code: int | None
    """The container's; None when it never ran or its machine is gone."""
    streams: tuple[str, ...]
    """The log streams of its attempts, oldest first."""
    waiting_since: int
    """When it began to wait for a machine, in milliseconds since 1970."""

    @property
    def has_ended(self) -> bool:
        """Whether Batch is done with it."""
        return self.status in ("SUCCEEDED", "FAILED")


def read_change(detail: Mapping[str, Any]) -> JobChange:
    """Read the detail of an event or of DescribeJobs; raises KeyError when it is none of a job."""
    attempts = detail.get("attempts") or []
    containers = [attempt.get("container") or {} for attempt in attempts]
    last = containers[-1] if containers else {}
    present = detail.get("container") or {}
    streams = [container.get("logStreamName") for container in (*containers, present)]
    ended = [attempt["stoppedAt"] for attempt in attempts if "stoppedAt" in attempt]
    return JobChange(
        id=detail["jobId"],
        name=detail["jobName"],
        status=detail["status"],
        status_reason=detail.get("statusReason") or "",
        reason=present.get("reason") or last.get("reason") or "",
        exit_code=present.get("exitCode", last.get("exitCode")),
        streams=tuple(dict.fromkeys(stream for stream in streams if stream)),
        waiting_since=max([detail.get("createdAt", 0), *ended]),
    )
