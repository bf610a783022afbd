"""Every builder keeps to these: each job ends once, whatever becomes of its machine."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from contract.builders import BUILDERS, BuilderUnderTest, opened

from battleshiper.platform.builder.port import Job, JobEnd, JobStatus

PREAMBLE = """
import os, pathlib, sys, time
folder = pathlib.Path(os.environ["FOLDER"])
claim = os.environ["BATTLESHIPER_CLAIM"]
with (folder / "claims").open("a") as claims:
    print(claim, file=claims)
def wait(name):
    while not (folder / name).exists():
        time.sleep(0.01)
"""
"""How each runner begins: its claim is noted."""


@pytest.fixture(params=BUILDERS)
def under_test(request: pytest.FixtureRequest, tmp_path: Path):
    """The builder of each backend."""
    with opened(request.param, tmp_path) as made:
        yield made


def job(name: str = "job", account: int = 1) -> Job:
    return Job(name, "project", account, f"ticket-{name}", 60, 1)


def end(name: str = "job", status: JobStatus = JobStatus.SUCCEEDED, reason: str = "") -> JobEnd:
    return JobEnd(name, "project", f"ticket-{name}", status, reason)


def until(holds: Callable[[], object]) -> None:
    deadline = monotonic() + 30
    while not holds():
        assert monotonic() < deadline, "it did not happen in 30 seconds"
        sleep(0.02)


def claims(folder: Path) -> list[str]:
    """The claims that runners were started with, in order."""
    noted = folder / "claims"
    return noted.read_text().split() if noted.exists() else []


@pytest.mark.parametrize(("code", "status"), [(0, JobStatus.SUCCEEDED), (1, JobStatus.FAILED)])
def test_end_is_reported_once(under_test: BuilderUnderTest, code: int, status: JobStatus) -> None:
    """A runner that ends by itself is reported with its ticket, and nothing is said of why: it has said so itself."""
    under_test.start(f"{PREAMBLE}\nsys.exit({code})")
    under_test.builder.submit(job())
    until(lambda: under_test.records.ends and under_test.is_idle())
    assert under_test.records.ends == [end(status=status)]


def test_submitting_again_does_nothing(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """While it runs, a job that is submitted again is the same job."""
    under_test.start(f"{PREAMBLE}\nwait('go')")
    under_test.builder.submit(job())
    until(lambda: claims(tmp_path))
    under_test.builder.submit(job())
    (tmp_path / "go").touch()
    until(lambda: under_test.records.ends and under_test.is_idle())
    assert claims(tmp_path) == ["claim-1"]
    assert under_test.records.ends == [end()]


def test_a_runner_gets_its_claim_and_no_ticket(under_test: BuilderUnderTest, tmp_path: Path, monkeypatch) -> None:
    """Nothing of the platform's environment and nothing that is worth more than the claim."""
    monkeypatch.setenv("SECRET_OF_THE_PLATFORM", "1")
    under_test.start(f"{PREAMBLE}\n(folder / 'seen').write_text(repr(dict(os.environ)) + repr(sys.argv))")
    under_test.builder.submit(job())
    until(lambda: under_test.records.ends)
    seen = (tmp_path / "seen").read_text()
    assert "claim-1" in seen
    assert "SECRET_OF_THE_PLATFORM" not in seen
    assert "ticket" not in seen


def test_a_lost_runner_is_tried_again_with_a_new_claim(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """A runner that could not report is no fault of the build's."""
    under_test.start(f"{PREAMBLE}\nsys.exit(0 if claim == 'claim-2' else 2)")
    under_test.builder.submit(job())
    until(lambda: under_test.records.ends and under_test.is_idle())
    assert under_test.records.ends == [end()]
    assert claims(tmp_path) == ["claim-1", "claim-2"]


def test_a_build_that_is_always_lost_fails(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """After three attempts there is an end, with a reason that its owner understands."""
    under_test.start(f"{PREAMBLE}\nsys.exit(2)")
    under_test.builder.submit(job())
    until(lambda: under_test.records.ends and under_test.is_idle())
    reason = "The build was lost 3 times before it ended. Redeploy to try again."
    assert under_test.records.ends == [end(status=JobStatus.FAILED, reason=reason)]
    assert claims(tmp_path) == ["claim-1", "claim-2", "claim-3"]


def test_a_canceled_job_is_not_reported(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """Neither one that runs nor one that waits; those beside it go on."""
    under_test.start(f"{PREAMBLE}\nwait('go')")
    for name in ("a", "b", "waiting", "last"):
        under_test.builder.submit(job(name))
    until(lambda: len(claims(tmp_path)) == 2)
    under_test.builder.cancel("waiting", "superseded")
    under_test.builder.cancel("a", "superseded")
    (tmp_path / "go").touch()
    until(under_test.is_idle)
    until(lambda: len(under_test.records.ends) == 2)
    assert sorted(ended.deployment_id for ended in under_test.records.ends) == ["b", "last"]
    assert len(claims(tmp_path)) == 3


def test_unknown_and_ended_jobs_may_be_canceled(under_test: BuilderUnderTest) -> None:
    """It changes nothing."""
    under_test.start(PREAMBLE)
    under_test.builder.cancel("unknown", "why not")
    under_test.builder.submit(job())
    until(lambda: under_test.records.ends and under_test.is_idle())
    under_test.builder.cancel("job", "late")
    assert under_test.records.ends == [end()]


def test_a_job_outlives_the_platform(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """What was taken is built though the platform came to an end meanwhile."""
    under_test.start(f"{PREAMBLE}\nwait('go')")
    for name in ("a", "b", "waiting"):
        under_test.builder.submit(job(name))
    until(lambda: len(claims(tmp_path)) == 2)
    under_test.restart()
    (tmp_path / "go").touch()
    until(lambda: len(under_test.records.ends) == 3)
    assert {ended.deployment_id: ended.status for ended in under_test.records.ends} == dict.fromkeys(
        ("a", "b", "waiting"), JobStatus.SUCCEEDED
    )


def test_time_is_shared_between_accounts(under_test: BuilderUnderTest, tmp_path: Path) -> None:
    """Who queues many builds delays another account's by one."""
    under_test.start(f"{PREAMBLE}\nwait(claim)")
    for number in range(4):
        under_test.builder.submit(job(f"many-{number}", account=1))
    under_test.builder.submit(job("one", account=2))
    until(lambda: len(claims(tmp_path)) == 2)
    (tmp_path / claims(tmp_path)[0]).touch()
    until(lambda: len(claims(tmp_path)) == 3)
    # It may even be the second, where it was there before another could begin.
    numbers = [int(claim.removeprefix("claim-")) for claim in claims(tmp_path)[:3]]
    assert "one" in [under_test.records.claims[number - 1] for number in numbers]
    for number in range(1, 6):
        (tmp_path / f"claim-{number}").touch()
    until(lambda: len(under_test.records.ends) == 5)
