"""What each end of a Batch job means, in Batch's and ECS's own words."""

import pytest

from battleshiper.platform.builder.batch.change import read_change
from battleshiper.platform.builder.batch.judgement import (
    MAX_SUBMISSIONS,
    NO_CAPACITY,
    NO_SPOT_CAPACITY,
    Again,
    End,
    judge,
)
from battleshiper.platform.builder.batch.record import Capacity, JobRecord, deployment_of
from battleshiper.platform.builder.port import JobStatus

EXITED = "Essential container in task exited"
SPOT = "Your Spot Task was interrupted."
PULL = "CannotPullContainerError: pull image manifest has been retried 5 time(s): image not found"


def judged(
    submission: int = 1, capacity: Capacity = Capacity.SPOT, *, code=None, why=EXITED, reason="", status="FAILED"
):
    record = JobRecord("d", "p", 1, "t", 600, submission, capacity)
    container = {name: value for name, value in (("exitCode", code), ("reason", reason)) if value not in (None, "")}
    detail = {"jobId": "i", "jobName": record.name, "status": status, "statusReason": why, "container": container}
    return judge(read_change(detail), record)


def test_the_builds_own_end() -> None:
    """What the runner could say itself is said by nobody else."""
    assert judged(code=0, status="SUCCEEDED") == End(JobStatus.SUCCEEDED)
    assert judged(code=1) == End(JobStatus.FAILED)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ({"code": 137, "reason": "OutOfMemoryError: Container killed due to memory usage"}, "ran out of memory"),
        ({"code": 137}, "ran out of memory"),
        ({"why": "Job attempt duration exceeded timeout", "code": 137}, "longer than 600 seconds"),
        ({"why": f"{NO_CAPACITY}: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"}, "no machine to build on"),
    ],
)
def test_ends_that_no_other_try_mends(end: dict, words: str) -> None:
    """Each fails at once with a reason that its owner understands."""
    found = judged(**end)
    assert isinstance(found, End)
    assert found.status is JobStatus.FAILED
    assert words in found.reason


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ({"why": SPOT, "code": 143}, "lost 3 times"),
        ({"why": SPOT, "code": 137}, "lost 3 times"),
        ({"why": "Task failed to start", "reason": PULL}, "build image"),
        ({"why": f"ResourceInitializationError: unable to pull secrets: {PULL}"}, "build image"),
        ({"why": "Timeout waiting for network interface provisioning to complete."}, "started on 3 machines"),
        ({"code": 2}, "lost 3 times"),
        ({"code": 143}, "lost 3 times"),
        ({"why": "something new"}, "lost 3 times"),
    ],
)
def test_losses_are_tried_again_and_then_end(end: dict, words: str) -> None:
    """Three submissions in all; the last one's loss is the end."""
    assert isinstance(judged(MAX_SUBMISSIONS - 1, **end), Again)
    last = judged(MAX_SUBMISSIONS, **end)
    assert isinstance(last, End)
    assert words in last.reason


@pytest.mark.parametrize("why", [SPOT, f"{NO_SPOT_CAPACITY}: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"])
def test_where_spot_is_scarce_the_next_machine_is_not_spot(why: str) -> None:
    """Other losses stay where they are."""
    assert judged(why=why) == Again(Capacity.ON_DEMAND)
    assert judged(code=2) == Again(Capacity.SPOT)
    assert judged(capacity=Capacity.ON_DEMAND, code=2) == Again(Capacity.ON_DEMAND)


@pytest.mark.parametrize(
    "end", [{"why": "Task failed to start", "reason": PULL}, {"why": "Task failed to start"}, {"why": NO_CAPACITY}]
)
def test_what_the_operator_can_mend_has_a_remedy(end: dict) -> None:
    """It says where to look."""
    found = judged(MAX_SUBMISSIONS, **end)
    assert isinstance(found, End)
    assert found.remedy.startswith("See ")


def test_names_tell_their_deployment() -> None:
    """Jobs of others in the same queue are none of ours."""
    assert deployment_of(JobRecord("abc", "p", 1, "t", 1, 2).name) == "abc"
    assert deployment_of(JobRecord("a-b", "p", 1, "t", 1).name) == "a-b"
    for name in ("nightly-report-1", "battleshiper", "battleshiper-abc", "battleshiper-abc-x"):
        assert deployment_of(name) == ""
