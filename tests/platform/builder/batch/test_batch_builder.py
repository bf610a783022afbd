"""The builder on AWS: what it asks of Batch, and what it makes of machines that come and go."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from aws.batch_standin import Fault
from botocore.exceptions import ClientError, EndpointConnectionError
from contract.builders import BatchBuilderUnderTest

from battleshiper.platform.builder.batch.builder import BatchBuilder
from battleshiper.platform.builder.batch.record import Capacity, JobRecord
from battleshiper.platform.builder.batch.streams import BuildStreams
from battleshiper.platform.builder.batch.submission import Target, submission
from battleshiper.platform.builder.batch.waiting import WaitingJobs
from battleshiper.platform.builder.port import Job, JobEnd, JobStatus

SCRIPT = """
import os, pathlib, time
folder = pathlib.Path(os.environ["FOLDER"])
attempt = os.environ["AWS_BATCH_JOB_ATTEMPT"]
with (folder / "attempts").open("a") as attempts:
    print(os.environ["BATTLESHIPER_CLAIM"], attempt, os.environ["AWS_BATCH_JQ_NAME"], file=attempts)
print("attempt", attempt, flush=True)
while not (folder / "go").exists():
    time.sleep(0.01)
"""
JOB = Job("job", "project", 42, "ticket", 60, 1)
DONE = [JobEnd("job", "project", "ticket", JobStatus.SUCCEEDED)]


def until(holds: Callable[[], object]) -> None:
    deadline = monotonic() + 30
    while not holds():
        assert monotonic() < deadline, "it did not happen in 30 seconds"
        sleep(0.02)


def attempts(folder: Path) -> list[str]:
    """Claim, attempt and queue of each attempt that has started."""
    noted = folder / "attempts"
    return noted.read_text().splitlines() if noted.exists() else []


def test_there_are_fewer_shares_than_a_queue_takes() -> None:
    """However many accounts there are; each stays in its share."""
    record = JobRecord.of(JOB)
    target = Target(dict.fromkeys(Capacity, "queue"), "definition", "https://claim.example")
    shares = {
        submission(replace(record, account_id=account), target, "claim")["shareIdentifier"] for account in range(3000)
    }
    assert len(shares) < 500


def test_what_batch_is_told(yard: BatchBuilderUnderTest) -> None:
    """The account's share, a limit of time, when to try again, and nothing about the build but its claim."""
    yard.start("")
    yard.builder.submit(JOB)
    request = next(request for operation, request in yard.api.calls if operation == "submitjob")
    assert request["shareIdentifier"] == "42"
    assert request["timeout"] == {"attemptDurationSeconds": 60 + 300}
    assert {each["name"] for each in request["containerOverrides"]["environment"]} == {
        "BATTLESHIPER_CLAIM",
        "BATTLESHIPER_CLAIM_URL",
    }
    assert request["retryStrategy"]["evaluateOnExit"][-1] == {"onReason": "*", "action": "EXIT"}
    assert "ticket" not in repr(request)
    until(lambda: yard.records.ends)


def test_a_reclaimed_machine(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """Batch tries again with the same claim; after a second reclaim the build goes on demand, with a new one."""
    yard.start(SCRIPT)
    yard.builder.submit(JOB)
    for count in (1, 2):
        until(lambda count=count: len(attempts(tmp_path)) == count)
        (running,) = yard.standin.jobs(status="RUNNING")
        yard.standin.reclaim(running.id)
    until(lambda: len(attempts(tmp_path)) == 3)
    (tmp_path / "go").touch()
    until(lambda: yard.records.ends)
    assert attempts(tmp_path) == ["claim-1 1 spot", "claim-1 2 spot", "claim-2 1 on-demand"]
    assert yard.records.ends == DONE


def test_machines_that_do_not_start(yard: BatchBuilderUnderTest, tmp_path: Path, caplog) -> None:
    """Batch tries each submission twice; then owner and operator are told, each what they need."""
    pull = "CannotPullContainerError: failed to resolve ref: not found"
    yard.standin.faults = [Fault("Task failed to start", pull)] * 6
    yard.start(SCRIPT)
    with caplog.at_level(logging.ERROR):
        yard.builder.submit(JOB)
        until(lambda: yard.records.ends)
    (ended,) = yard.records.ends
    assert "build image" in ended.reason
    assert "execution role" in caplog.text
    assert pull in caplog.text
    assert attempts(tmp_path) == []
    assert len(yard.standin.jobs()) == 3


def test_a_refusal_ends_the_build(yard: BatchBuilderUnderTest, caplog) -> None:
    """What Batch would refuse again is reported at once, and once."""
    yard.api.refusal = (403, "AccessDeniedException", "not authorized to perform: batch:SubmitJob")
    with caplog.at_level(logging.ERROR):
        yard.builder.submit(JOB)
    yard.builder.submit(JOB)
    (ended,) = yard.records.ends
    assert ended.status is JobStatus.FAILED
    assert "handed to AWS Batch" in ended.reason
    assert "batch:SubmitJob" in caplog.text


def test_a_fault_of_batch_is_the_buss_to_repeat(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """Nothing has ended, and the same submission goes through later."""
    yard.start(SCRIPT)
    (tmp_path / "go").touch()
    yard.api.refusal = (400, "TooManyRequestsException", "slow down")
    with pytest.raises(ClientError):
        yard.builder.submit(JOB)
    assert yard.records.ends == []
    yard.api.refusal = None
    yard.builder.submit(JOB)
    until(lambda: yard.records.ends)
    assert yard.records.ends == DONE


@pytest.mark.parametrize("reaches_batch", [False, True])
def test_a_process_that_dies_on_the_way(
    yard: BatchBuilderUnderTest, tmp_path: Path, monkeypatch, reaches_batch: bool
) -> None:
    """Before SubmitJob or after it: whoever comes next sees that the job is at Batch, and there only once."""

    def die(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="nowhere")

    yard.start(SCRIPT)
    yard.standin.machines = {}
    with monkeypatch.context() as patch:
        patch.setattr(yard.job_records if reaches_batch else yard.client, _LAST[reaches_batch], die)
        with pytest.raises(EndpointConnectionError):
            yard.builder.submit(JOB)
    yard.builder.submit(JOB)
    yard.standin.machines = {"spot": 1}
    yard.standin.schedule()
    (tmp_path / "go").touch()
    until(lambda: yard.records.ends)
    assert len(yard.standin.jobs()) == 1
    assert yard.records.ends == DONE


_LAST = {False: "submit_job", True: "note_batch_id"}
"""What a process does not live to do."""


def test_an_end_is_known_by_name_where_nobody_noted_the_id(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """The submitter died for good, the build did not."""
    yard.start(SCRIPT)
    (tmp_path / "go").touch()
    yard.job_records.add(JobRecord.of(JOB))
    dead = BatchBuilder(yard.client, _Forgetful(), yard.records, yard.records.issue, yard.target)  # type: ignore[arg-type]
    dead.submit(JOB)
    until(lambda: yard.records.ends)
    assert yard.records.ends == DONE


class _Forgetful:
    """Records that take nothing."""

    def add(self, record: JobRecord) -> bool:
        return True

    def note_batch_id(self, record: JobRecord, batch_id: str) -> bool:
        return True


def test_a_job_canceled_while_it_is_submitted(yard: BatchBuilderUnderTest) -> None:
    """Whoever submits it finds out and ends it."""
    yard.start(SCRIPT)
    yard.standin.machines = {}
    issue = yard.records.issue

    def cancel_meanwhile(deployment_id: str, attempts: int) -> str:
        yard.builder.cancel(deployment_id, "superseded")
        return issue(deployment_id, attempts)

    BatchBuilder(yard.client, yard.job_records, yard.records, cancel_meanwhile, yard.target).submit(JOB)  # type: ignore[arg-type]
    until(yard.is_idle)
    assert [job.status for job in yard.standin.jobs()] == ["FAILED"]
    assert yard.records.ends == []


def test_where_spot_has_no_machines(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """A job that waits in a queue that does not move goes on demand; one that waits its turn is let be."""
    yard.start(SCRIPT)
    yard.standin.machines = {"on-demand": 1}
    yard.builder.submit(JOB)
    (waiting,) = yard.standin.jobs()
    yard.standin.submit({**waiting.request, "jobName": "nightly-report"})
    now = datetime.now(UTC)
    assert WaitingJobs(yard.client, yard.builder, yard.target, lambda: now).sweep() == 0
    late = WaitingJobs(yard.client, yard.builder, yard.target, lambda: now + timedelta(minutes=11))
    assert late.sweep() == 1
    until(lambda: attempts(tmp_path))
    assert late.sweep() == 0
    (tmp_path / "go").touch()
    until(lambda: yard.records.ends)
    assert attempts(tmp_path) == ["claim-2 1 on-demand"]
    assert yard.records.ends == DONE


def test_where_nothing_has_machines(yard: BatchBuilderUnderTest, caplog) -> None:
    """The build ends with a reason, and the operator hears what Batch says of the queue."""
    yard.standin.machines = {}
    yard.builder.submit(JOB)
    later = datetime.now(UTC) + timedelta(minutes=31)
    sweeper = WaitingJobs(yard.client, yard.builder, yard.target, lambda: later)
    assert sweeper.sweep() == 1
    until(lambda: yard.standin.jobs("on-demand"))
    for job in yard.standin.jobs("on-demand", "RUNNABLE"):
        job.status_reason = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"
    with caplog.at_level(logging.ERROR):
        assert sweeper.sweep() == 1
        until(lambda: yard.records.ends)
    (ended,) = yard.records.ends
    assert "no machine to build on" in ended.reason
    assert "quota" in caplog.text
    assert "COMPUTE_ENVIRONMENT_MAX_RESOURCE" in caplog.text


def test_a_queue_that_moves_is_let_be(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """However long jobs wait there, unless Batch says that one blocks it."""
    yard.start(SCRIPT)
    yard.standin.machines = {"spot": 1}
    for name in ("first", "second"):
        yard.builder.submit(Job(name, "project", 42, "ticket", 60, 1))
    until(lambda: attempts(tmp_path))
    later = datetime.now(UTC) + timedelta(hours=5)
    sweeper = WaitingJobs(yard.client, yard.builder, yard.target, lambda: later)
    assert sweeper.sweep() == 0
    (waiting,) = yard.standin.jobs(status="RUNNABLE")
    waiting.status_reason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"
    assert sweeper.sweep() == 1


def test_the_log_is_found_while_it_runs_and_afterwards(yard: BatchBuilderUnderTest, tmp_path: Path) -> None:
    """One stream for each attempt, in order, also when Batch has forgotten the job."""
    yard.start(SCRIPT)
    find = BuildStreams(yard.client, yard.job_records)
    yard.builder.submit(JOB)
    until(lambda: len(yard.lines) == 1)
    until(lambda: find("job"))
    yard.standin.reclaim(yard.standin.jobs(status="RUNNING")[0].id)
    until(lambda: len(yard.lines) == 2)
    (tmp_path / "go").touch()
    until(lambda: yard.records.ends)
    yard.standin._jobs.clear()
    assert find("job") == tuple(stream for stream, _ in yard.lines)
    assert len(set(find("job"))) == 2
    assert find("unknown") == ()


def test_an_older_submissions_event_says_nothing(yard: BatchBuilderUnderTest) -> None:
    """Neither one that is not the record's, nor one of a build we do not know."""
    yard.standin.machines = {}
    yard.builder.submit(JOB)
    record = yard.job_records.find("job")
    assert record is not None
    detail = {"jobId": record.batch_id, "jobName": record.name, "status": "SUCCEEDED"}
    assert yard.ends.receive({**detail, "jobId": "another"}) is None
    assert yard.ends.receive({**detail, "jobName": "battleshiper-unknown-1"}) is None
    assert yard.ends.receive({**detail, "status": "RUNNING"}) is None
    yard.builder.submit_again(record, Capacity.ON_DEMAND)
    assert yard.ends.receive(detail) is None
