"""The builder: runs build jobs. A process on this machine, Batch on AWS.

Every job that was taken ends in one `battleshiper.deploy` event on the bus (its detail is `JobEnd`), also
when the machine dies in between. Where an attempt was lost through no fault of the build, the backend tries
again with a new claim before it gives up; where it was lost with the machine, a few times more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """One build. `id` is the deployment's id: submitting it again does nothing."""

    id: str
    project_id: str
    account_id: int
    """Whom the machine's time is shared out to."""
    deploy_ticket: str
    """Comes back with the job's end."""
    seconds: int
    memory_bytes: int


class JobStatus(StrEnum):
    """How a job ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobEnd:
    """The end of a job, as it travels on the bus."""

    deployment_id: str
    project_id: str
    ticket: str
    status: JobStatus
    reason: str = ""
    """Why the runner itself was lost (killed, out of memory, out of time); empty when it ended by itself."""

    def to_detail(self) -> dict[str, str]:
        """Return the event's detail."""
        return {
            "deployment": self.deployment_id,
            "project": self.project_id,
            "ticket": self.ticket,
            "status": self.status.value,
            "reason": self.reason,
        }

    @classmethod
    def from_detail(cls, detail: Mapping[str, str]) -> "JobEnd":
        """Read the event's detail; raises KeyError or ValueError when it is not one of ours."""
        return cls(
            detail["deployment"],
            detail["project"],
            detail["ticket"],
            JobStatus(detail["status"]),
            detail.get("reason", ""),
        )


class Builder(Protocol):
    """Takes jobs and runs as many at a time as the machine allows."""

    def submit(self, job: Job) -> None:
        """Take a job durably and return at once."""
        ...

    def cancel(self, deployment_id: str, reason: str) -> None:
        """End the job, waiting or running; no end is reported. Unknown and ended jobs are fine."""
        ...
