"""Where the log of a build is, among the log streams of all jobs."""

from typing import TYPE_CHECKING

from battleshiper.platform.builder.batch.change import read_change
from battleshiper.platform.builder.batch.records import JobRecords

if TYPE_CHECKING:
    from types_boto3_batch import BatchClient


class BuildStreams:
    """Finds log streams by deployment, also long after Batch has forgotten the job."""

    def __init__(self, client: "BatchClient", records: JobRecords) -> None:
        self._client = client
        self._records = records

    def __call__(self, deployment_id: str) -> tuple[str, ...]:
        """Return the names of a build's log streams, one for each attempt, oldest first; none for an unknown build."""
        record = self._records.find(deployment_id)
        if record is None:
            return ()
        if record.is_over or not record.batch_id:
            return record.streams
        jobs = self._client.describe_jobs(jobs=[record.batch_id])["jobs"]
        running = [stream for job in jobs for stream in read_change(job).streams]
        return tuple(dict.fromkeys((*record.streams, *running)))
