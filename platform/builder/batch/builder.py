"""The builder on AWS: every build is a Batch job on Fargate."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of
from battleshiper.platform.builder.batch.record import Capacity, JobRecord
from battleshiper.platform.builder.batch.records import JobRecords
from battleshiper.platform.builder.batch.submission import ATTEMPTS, Target, submission
from battleshiper.platform.builder.port import Job, JobEnd, JobStatus
from battleshiper.platform.bus.port import Bus
from battleshiper.platform.model.event import Event, EventType

if TYPE_CHECKING:
    from types_boto3_batch import BatchClient

_log = logging.getLogger(__name__)

_REFUSALS = frozenset({"AccessDenied", "AccessDeniedException", "ClientException", "ValidationException"})
"""What Batch will say again however often it is asked. All else is the bus's to repeat."""
_MAX_REASON = 200
_REFUSED = (
    "The build could not be handed to AWS Batch. Your code is not the reason. Redeploy once the operator has mended it."
)


class BatchBuilder:
    """Submits jobs to Batch. Their ends come back as events (`JobEnds`).

    The record comes first, so that nothing is lost or run twice by a process that dies in between: whoever finds a
    record without a Batch job takes up the one that was submitted under its name, or submits it. `issue_claim` takes
    the deployment's id and how many attempts the claim is to be good for.
    """

    def __init__(
        self,
        client: "BatchClient",
        records: JobRecords,
        bus: Bus,
        issue_claim: Callable[[str, int], str],
        target: Target,
    ) -> None:
        self._client = client
        self._records = records
        self._bus = bus
        self._issue_claim = issue_claim
        self._target = target

    def submit(self, job: Job) -> None:
        """Take a job; see `builder.port`."""
        record = JobRecord.of(job)
        if self._records.add(record):
            self._run(record)
        elif known := self._records.find(job.id):
            self._resume(known)

    def submit_again(self, record: JobRecord, capacity: Capacity) -> None:
        """Submit a job anew whose present submission was lost. Safe to repeat."""
        if again := self._records.submit_again(record, capacity):
            self._run(again)
        elif known := self._records.find(record.deployment_id):
            self._resume(known)

    def cancel(self, deployment_id: str, reason: str) -> None:
        """End a job without a report; see `builder.port`."""
        record = self._records.cancel(deployment_id)
        if record is not None and record.batch_id and not record.is_over:
            self.terminate(record.batch_id, reason)
        _log.info("job %s canceled: %s", deployment_id, reason)

    def terminate(self, batch_id: str, reason: str) -> None:
        """End a Batch job, waiting or running; one that has ended already is fine."""
        self._client.terminate_job(jobId=batch_id, reason=reason[:_MAX_REASON] or "ended")

    def _resume(self, record: JobRecord) -> None:
        if not (record.batch_id or record.is_canceled or record.is_over):
            self._run(record, self._submitted(record))

    def _run(self, record: JobRecord, batch_id: str = "") -> None:
        batch_id = batch_id or self._submit(record)
        if batch_id and not self._records.note_batch_id(record, batch_id):
            known = self._records.find(record.deployment_id)
            if known is None or known.is_canceled or known.batch_id != batch_id:
                self.terminate(batch_id, "Canceled meanwhile, or submitted twice.")

    def _submit(self, record: JobRecord) -> str:
        """Return Batch's id, or nothing when Batch refuses; then the job has ended."""
        claim = self._issue_claim(record.deployment_id, ATTEMPTS)
        try:
            return self._client.submit_job(**submission(record, self._target, claim))["jobId"]
        except ClientError as error:
            if code_of(error) not in _REFUSALS:
                raise
            _log.error(
                "Batch refuses builds: %s. See that the queues and the job definition are as the stack made them, and "
                "that this function's role may batch:SubmitJob on them.",
                error,
            )
        end = JobEnd(record.deployment_id, record.project_id, record.deploy_ticket, JobStatus.FAILED, _REFUSED)
        self._bus.publish([Event(EventType.DEPLOY, end.to_detail(), id=record.name)])
        self._records.note_end(record)
        return ""

    def _submitted(self, record: JobRecord) -> str:
        """Return the id of the Batch job that was submitted under the record's name, if there is one."""
        found = self._client.list_jobs(
            jobQueue=self._target.queues[record.capacity], filters=[{"name": "JOB_NAME", "values": [record.name]}]
        )
        return next((job["jobId"] for job in found["jobSummaryList"]), "")
