"""What we know of a build job on Batch: the part of it that is nobody else's to read, above all its ticket."""

from dataclasses import dataclass
from enum import StrEnum

from battleshiper.platform.builder.port import Job

_PREFIX = "battleshiper"


class Capacity(StrEnum):
    """What kind of machine a job is to run on; each has a queue of its own."""

    SPOT = "spot"
    ON_DEMAND = "on-demand"


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job and its present submission to Batch."""

    deployment_id: str
    project_id: str
    account_id: int
    deploy_ticket: str
    seconds: int
    submission: int = 1
    """Counted from 1; each is a job of its own at Batch, with a claim of its own."""
    capacity: Capacity = Capacity.SPOT
    batch_id: str = ""
    """Batch's id of the present submission; empty while nobody has noted it."""
    is_canceled: bool = False
    is_over: bool = False
    """Whether its end was reported."""
    streams: tuple[str, ...] = ()
    """The log streams of all attempts that have ended, oldest first."""

    @classmethod
    def of(cls, job: Job) -> "JobRecord":
        """Return the record of a new job."""
        return cls(job.id, job.project_id, job.account_id, job.deploy_ticket, job.seconds)

    @property
    def name(self) -> str:
        """The name of the present submission at Batch."""
        return f"{_PREFIX}-{self.deployment_id}-{self.submission}"


def deployment_of(name: str) -> str:
    """Return the deployment's id from a job's name, an empty text when the name is none of ours."""
    prefix, _, rest = name.partition("-")
    deployment_id, _, submission = rest.rpartition("-")
    return deployment_id if prefix == _PREFIX and submission.isdecimal() else ""
