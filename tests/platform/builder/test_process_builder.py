"""The builder on one machine: each job ends once, whatever becomes of its runner."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from time import monotonic, sleep

import pytest

from battleshiper.platform.builder.jobs import MAX_INTERRUPTIONS, Jobs
from battleshiper.platform.builder.port import Job, JobEnd, JobStatus
from battleshiper.platform.builder.process import MAX_ATTEMPTS, ProcessBuilder, RunnerProgram
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.event import Event, EventType

STANDBY = """
import os, pathlib
from battleshiper.build_runner.standby import Standby
with pathlib.Path(os.environ["FOLDER"], "runners").open("a") as runners:
    print(os.getpid(), file=runners)
standby = Standby()
os.environ.update(standby.wait() or exit())
"""
"""How each runner begins: it is noted, and waits for its order."""


class Yard:
    """A builder whose runner is a few lines of Python, and the ends that it reports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "battleshiper.db")
        self.bus = SqliteBus(self.database, lambda: datetime.now(UTC))
        self.jobs = Jobs(self.database, self.bus.enqueue)
        self.claims: list[str] = []
        self.ends: list[JobEnd] = []
        self.ended = Signal()
        self.builder: ProcessBuilder | None = None

    def start(self, script: str, *, concurrent: int = 1, quiet_seconds: float = 60) -> ProcessBuilder:
        def end(event: Event) -> None:
            self.ends.append(JobEnd.from_detail(event.detail))
            self.ended.set()

        self.bus.subscribe(EventType.DEPLOY, end)
        self.bus.start()
        return self.again(script, concurrent=concurrent, quiet_seconds=quiet_seconds)

    def again(self, script: str, *, concurrent: int = 1, quiet_seconds: float = 60) -> ProcessBuilder:
        """Start a builder, and leave what it reports on the bus."""

        def issue(deployment_id: str) -> str:
            self.claims.append(deployment_id)
            return f"claim-{len(self.claims)}"

        program = RunnerProgram(
            (sys.executable, "-c", f"{STANDBY}\n{script}"),
            {"FOLDER": str(self.folder)},
            self.folder / "work",
            lambda deployment_id: self.folder / "logs" / deployment_id / "build.log",
        )
        self.builder = ProcessBuilder(
            self.jobs, program, issue, concurrent=concurrent, retry_seconds=0.01, quiet_seconds=quiet_seconds
        )
        self.builder.start()
        return self.builder

    def runners(self) -> list[int]:
        """The process ids of all runners, in the order of their start."""
        noted = self.folder / "runners"
        return [int(line) for line in noted.read_text().splitlines()] if noted.exists() else []

    def close(self) -> None:
        self.bus.close()
        if self.builder:
            self.builder.close()
        self.database.close()


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    made = Yard(tmp_path)
    yield made
    made.close()


def job(name: str = "job", account: int = 1, seconds: int = 60) -> Job:
    return Job(name, "project", account, f"ticket-{name}", seconds, 1)


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not holds():
        assert monotonic() < deadline, "it did not happen in 20 seconds"
        sleep(0.02)


@pytest.mark.parametrize(("code", "status"), [(0, JobStatus.SUCCEEDED), (1, JobStatus.FAILED)])
def test_end_is_reported(yard: Yard, code: int, status: JobStatus) -> None:
    """A runner that ends by itself is reported with its ticket, and its log is kept."""
    yard.start(f"import sys; print('hello'); sys.exit({code})").submit(job())
    until(lambda: bool(yard.ends))
    assert yard.ends == [JobEnd("job", "project", "ticket-job", status)]
    assert (yard.folder / "logs/job/build.log").read_text() == "hello\n"


def test_environment(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner gets its claim and a folder of its own, and nothing of the platform's environment."""
    monkeypatch.setenv("SECRET_OF_THE_PLATFORM", "1")
    yard.start("import os; print(sorted(os.environ)); print(os.listdir(os.environ['BATTLESHIPER_WORK_DIR']))").submit(
        job()
    )
    until(lambda: bool(yard.ends))
    log = (yard.folder / "logs/job/build.log").read_text()
    assert "BATTLESHIPER_CLAIM" in log
    assert "SECRET_OF_THE_PLATFORM" not in log
    assert log.endswith("[]\n")
    assert list((yard.folder / "work").iterdir()) == []


def test_runner_is_started_ahead(yard: Yard) -> None:
    """While there is nothing to do a runner waits that knows no secret; it takes the next job, and only that."""
    builder = yard.start("print(os.getpid())", quiet_seconds=0.01)
    until(lambda: bool(yard.runners()))
    first = yard.runners()[0]
    assert b"BATTLESHIPER_CLAIM" not in Path(f"/proc/{first}/environ").read_bytes()
    builder.submit(job())
    until(lambda: bool(yard.ends))
    assert (yard.folder / "logs/job/build.log").read_text() == f"{first}\n"
    until(lambda: len(yard.runners()) == 2)
    builder.close()
    assert not any(Path(f"/proc/{runner}").exists() for runner in yard.runners())


def test_waiting_runner_is_killed(yard: Yard) -> None:
    """A runner that is gone before there is a job costs no attempt."""
    builder = yard.start("print(os.getpid())", quiet_seconds=0.01)
    until(lambda: bool(yard.runners()))
    waiting = yard.runners()[0]
    os.kill(waiting, signal.SIGKILL)
    until(lambda: ") Z " in Path(f"/proc/{waiting}/stat").read_text())
    builder.submit(job())
    until(lambda: bool(yard.ends))
    assert yard.ends[0].status is JobStatus.SUCCEEDED
    assert yard.claims == ["job"]


def test_end_is_reported_before_the_runner_is_gone(yard: Yard) -> None:
    """What a runner does once its result is there holds up nobody, and ends with the platform."""
    builder = yard.start("import time; standby.tell(1); time.sleep(600)")
    builder.submit(job())
    until(lambda: bool(yard.ends))
    assert yard.ends[0].status is JobStatus.FAILED
    runner = Path(f"/proc/{yard.runners()[0]}")
    assert runner.exists()
    builder.close()
    assert not runner.exists()


def test_submitted_twice(yard: Yard) -> None:
    """A job that is submitted twice runs once."""
    builder = yard.start("import time; time.sleep(0.3)")
    builder.submit(job())
    builder.submit(job())
    until(lambda: bool(yard.ends))
    assert yard.claims == ["job"]


def test_lost_runner(yard: Yard) -> None:
    """A runner that is killed is tried again with a new claim, a few times, and then the job has failed."""
    yard.start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)").submit(job())
    until(lambda: bool(yard.ends))
    assert yard.claims == ["job"] * MAX_ATTEMPTS
    assert yard.ends[0].status is JobStatus.FAILED
    assert "lost 3 times" in yard.ends[0].reason


def test_recovers_at_the_second_attempt(yard: Yard) -> None:
    """A runner that is lost once and then ends well is a success."""
    script = (
        "import os, pathlib, sys\n"
        "mark = pathlib.Path(os.environ['FOLDER'], 'mark')\n"
        "if not mark.exists():\n    mark.touch(); os._exit(3)\n"
    )
    yard.start(script).submit(job())
    until(lambda: bool(yard.ends))
    assert yard.ends[0].status is JobStatus.SUCCEEDED


def test_cancel_running(yard: Yard) -> None:
    """A canceled job's runner is ended, and nothing is reported."""
    builder = yard.start("import time, os; print(os.getpid(), flush=True); time.sleep(600)", concurrent=1)
    builder.submit(job("first"))
    log = yard.folder / "logs/first/build.log"
    until(lambda: log.exists() and log.read_text().endswith("\n"))
    builder.cancel("first", "superseded")
    builder.submit(job("second"))
    until(lambda: (yard.folder / "logs/second/build.log").exists())
    assert not Path(f"/proc/{log.read_text().strip()}").exists()
    assert yard.ends == []


def test_cancel_waiting(yard: Yard) -> None:
    """A job that is canceled before it runs never runs."""
    builder = yard.start("import time; time.sleep(0.5)")
    builder.submit(job("first"))
    builder.submit(job("second"))
    builder.cancel("second", "superseded")
    until(lambda: bool(yard.ends))
    assert yard.claims == ["first"]


def test_restart(yard: Yard) -> None:
    """What was running when the platform stopped runs again at the next start, however often that happens."""
    for restart in range(1, 2 * MAX_INTERRUPTIONS):
        builder = yard.again("import time; time.sleep(600)")
        builder.submit(job())
        until(lambda restart=restart: len(yard.claims) == restart)
        builder.close()
    yard.start("")
    until(lambda: bool(yard.ends))
    assert [end.status for end in yard.ends] == [JobStatus.SUCCEEDED]


def test_a_build_that_takes_the_platform_with_it(yard: Yard) -> None:
    """A job with which the platform dies again and again has failed in the end, and says what happened."""
    yard.jobs.add(job())
    for _ in range(MAX_INTERRUPTIONS):
        taken = yard.jobs.take()
        assert taken is not None
        assert taken.attempt == 1
        yard.jobs.recover()
    yard.start("")
    until(lambda: bool(yard.ends))
    assert [(end.deployment_id, end.ticket, end.status) for end in yard.ends] == [
        ("job", "ticket-job", JobStatus.FAILED)
    ]
    assert "sudden end 5 times" in yard.ends[0].reason
    assert yard.claims == []


def test_a_death_is_no_failed_attempt(yard: Yard) -> None:
    """A job has all its attempts though the platform died with it before, and one that waited has lost nothing."""
    for name in ("job", "waiting"):
        yard.jobs.add(job(name))
    for _ in range(MAX_INTERRUPTIONS - 1):
        yard.jobs.take()
        yard.jobs.recover()
    yard.start("import os; os._exit(9)")
    until(lambda: len(yard.ends) == 2)
    assert yard.claims.count("job") == yard.claims.count("waiting") == MAX_ATTEMPTS


def test_accounts_take_turns(yard: Yard) -> None:
    """An account with many jobs does not keep another one's waiting."""
    for name, account in (("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2)):
        yard.jobs.add(job(name, account))
    taken = [yard.jobs.take() for _ in range(3)]
    assert [each.id for each in taken if each] == ["a1", "b1", "a2"]


@pytest.mark.parametrize(("script", "method"), [("", "finish"), ("import os; os._exit(9)", "release")])
def test_disk_is_full_for_a_while(yard: Yard, monkeypatch: pytest.MonkeyPatch, script: str, method: str) -> None:
    """What became of a job is written as soon as it can be, and the worker goes on."""
    write = getattr(yard.jobs, method)
    faults = iter((OSError("disk full"), OSError("disk full")))

    def fail_twice(*arguments: object) -> None:
        for fault in faults:
            raise fault
        write(*arguments)

    monkeypatch.setattr(yard.jobs, method, fail_twice)
    builder = yard.start(script)
    builder.submit(job())
    assert yard.ended.wait(20)
    assert [end.deployment_id for end in yard.ends] == ["job"]
    assert next(faults, None) is None


def test_queue_cannot_be_read_for_a_while(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that cannot be read costs no worker."""
    take = yard.jobs.take
    faults = iter((OSError("disk full"),))

    def fail_once() -> object:
        for fault in faults:
            raise fault
        return take()

    monkeypatch.setattr(yard.jobs, "take", fail_once)
    builder = yard.start("")
    builder.submit(job())
    builder.submit(job("other"))
    assert yard.ended.wait(20)
