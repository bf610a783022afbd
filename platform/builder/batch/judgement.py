"""What the end of a Batch job means: the build's own end, a fault of it, or a loss that another try may mend."""

from dataclasses import dataclass

from battleshiper.platform.builder.batch.change import JobChange
from battleshiper.platform.builder.batch.record import Capacity, JobRecord
from battleshiper.platform.builder.port import JobStatus

MAX_SUBMISSIONS = 3
SPOT_RECLAIMED = "Your Spot Task was interrupted"
_TIMED_OUT = "Job attempt duration exceeded timeout"
_NOT_STARTED = ("Task failed to start", "ResourceInitializationError", "Timeout waiting for")
NO_SPOT_CAPACITY = "Battleshiper: no Spot capacity"
NO_CAPACITY = "Battleshiper: no capacity"
"""Our own reasons for ending a job that waits in vain; what Batch says of it may follow."""
_ENDED_BY_ITSELF = (0, 1)
_KILLED = 137

_TOO_LONG = "The build took longer than {seconds} seconds and was ended."
_OUT_OF_MEMORY = (
    "The build ran out of memory and was ended. Build with less (fewer workers, no source maps), or ask the operator "
    "for more memory."
)
_NO_IMAGE = (
    "The build could not be started, because its machine could not fetch the platform's build image. Your code is not "
    "the reason. Redeploy once the operator has mended it."
)
_NO_START = (
    "The build could not be started on {times} machines. Your code is not the reason. Redeploy to try again, and tell "
    "the operator if it happens again."
)
_NO_MACHINE = (
    "There was no machine to build on for too long. Your code is not the reason. Redeploy later, and tell the operator "
    "if it happens again."
)
_LOST = "The build was lost {times} times before it ended. Redeploy to try again."


@dataclass(frozen=True, slots=True)
class End:
    """The job has ended. `remedy` tells the operator what to do, where there is something."""

    status: JobStatus
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """The job is to be submitted again."""

    capacity: Capacity


def judge(change: JobChange, record: JobRecord) -> End | Again:
    """Decide about a job that has ended at Batch."""
    if change.status == "SUCCEEDED":
        return End(JobStatus.SUCCEEDED)
    if change.status_reason.startswith((SPOT_RECLAIMED, NO_SPOT_CAPACITY)):
        # Spot machines are scarce now: whoever has waited once does not wait for them again.
        return _again(record, Capacity.ON_DEMAND, End(JobStatus.FAILED, _LOST.format(times=record.submission)))
    if change.status_reason.startswith(NO_CAPACITY):
        return End(JobStatus.FAILED, _NO_MACHINE, _capacity_remedy(change))
    if change.status_reason.startswith(_TIMED_OUT):
        return End(JobStatus.FAILED, _TOO_LONG.format(seconds=record.seconds))
    if change.exit_code == _KILLED or change.reason.startswith("OutOfMemoryError"):
        return End(JobStatus.FAILED, _OUT_OF_MEMORY)
    if change.exit_code in _ENDED_BY_ITSELF:
        return End(JobStatus.FAILED)
    if change.exit_code is None and _says(change, "CannotPullContainerError", "pull image", "pull command"):
        return _again(record, record.capacity, End(JobStatus.FAILED, _NO_IMAGE, _IMAGE_REMEDY))
    if change.exit_code is None and _says(change, *_NOT_STARTED):
        reason = _NO_START.format(times=record.submission)
        return _again(record, record.capacity, End(JobStatus.FAILED, reason, _START_REMEDY))
    return _again(record, record.capacity, End(JobStatus.FAILED, _LOST.format(times=record.submission)))


_IMAGE_REMEDY = (
    "See that the build image is in its repository under the tag of the job definition, that the job's execution role "
    "may pull it, and that the build subnets reach the registry."
)
_START_REMEDY = (
    "See in the ECS console why tasks of the build cluster stop: free addresses in the build subnets, the execution "
    "role's rights, the log group."
)


def _again(record: JobRecord, capacity: Capacity, otherwise: End) -> End | Again:
    return Again(capacity) if record.submission < MAX_SUBMISSIONS else otherwise


def _says(change: JobChange, *words: str) -> bool:
    return any(word in text for word in words for text in (change.reason, change.status_reason))


def _capacity_remedy(change: JobChange) -> str:
    said = change.status_reason.removeprefix(NO_CAPACITY).strip(" :")
    quota = "See that the compute environment is VALID and compare its vCPUs with the account's Fargate quota."
    return f"{quota} Batch said: {said}" if said else quota
