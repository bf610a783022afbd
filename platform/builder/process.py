"""The builder on one machine: a few runner processes at a time, from a queue that survives the platform."""

import logging
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import IO

from battleshiper.platform.builder.jobs import Jobs, QueuedJob
from battleshiper.platform.builder.port import Job, JobEnd, JobStatus
from battleshiper.platform.builder.runner import Runner, RunnerLostError

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
_ENDED_BY_ITSELF = (0, 1)
_SLACK_SECONDS = 300
"""What a runner may take besides install and build: fetch, collect, upload, its own start."""
_GLANCE_SECONDS = 5
"""How often to look for jobs that nobody told us of."""
_KEEPING_SECONDS = 120.0
"""How long a runner may go on after its build has ended, to keep what the next one can use."""
_WATCH_SECONDS = 0.2
"""How long the platform's end may go unnoticed meanwhile."""


@dataclass(frozen=True, slots=True)
class RunnerProgram:
    """How a runner is started. Its claim and folder reach it later."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    work_dir: Path
    log_path: Callable[[str], Path]
    """Where a deployment's build log goes."""

    @classmethod
    def of_this_python(
        cls,
        *,
        claim_url: str,
        work_dir: Path,
        cache_dir: Path,
        log_path: Callable[[str], Path],
        passed_on: Mapping[str, str],
        unsafe: bool,
    ) -> "RunnerProgram":
        """Return the runner that is installed beside the platform; `passed_on` is the part of the operator's
        environment that says how the internet is reached."""
        environment = {
            **passed_on,
            "BATTLESHIPER_CLAIM_URL": claim_url,
            "BATTLESHIPER_CACHE_DIR": str(cache_dir),
        }
        if unsafe:
            environment["BATTLESHIPER_UNSAFE_BUILDS"] = "1"
        # Should the platform be killed, its runners go with it; their sandboxes follow them.
        arguments = ("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "battleshiper.build_runner", "--standby")
        return cls(arguments, environment, work_dir, log_path)


class ProcessBuilder:
    """Runs jobs as processes of this machine."""

    def __init__(
        self,
        jobs: Jobs,
        program: RunnerProgram,
        issue_claim: Callable[[str], str],
        *,
        concurrent: int,
        retry_seconds: float = 2.0,
        quiet_seconds: float = 1.0,
    ) -> None:
        """`issue_claim` returns a deployment's claim. As many as `concurrent` jobs run at a time; once there was
        nothing to do for `quiet_seconds`, the next one's runner is started ahead. A job that was lost is tried again
        after `retry_seconds`, then after twice as many."""
        self._jobs = jobs
        self._program = program
        self._issue_claim = issue_claim
        self._concurrent = concurrent
        self._retry_seconds = retry_seconds
        self._quiet_seconds = quiet_seconds
        self._changed = Condition()
        self._running: dict[str, Runner | None] = {}
        self._reserve: Runner | None = None
        self._canceled: set[str] = set()
        self._closing = False
        self._workers: list[Thread] = []

    def start(self) -> None:
        """Take up what an earlier process left, and begin to work."""
        shutil.rmtree(self._program.work_dir, ignore_errors=True)
        self._jobs.recover()
        for number in range(self._concurrent):
            worker = Thread(target=self._work, name=f"builder-{number}", daemon=True)
            worker.start()
            self._workers.append(worker)

    def close(self) -> None:
        """Stop working. Running builds are ended; they begin again at the next start."""
        with self._changed:
            self._closing = True
            for runner in self._running.values():
                if runner is not None:
                    runner.kill()
            self._changed.notify_all()
        for worker in self._workers:
            worker.join(timeout=10)
        waiting, self._reserve = self._reserve, None
        if waiting is not None:
            waiting.close()

    def submit(self, job: Job) -> None:
        """Take a job; see `builder.port`."""
        self._jobs.add(job)
        with self._changed:
            self._changed.notify_all()

    def cancel(self, deployment_id: str, reason: str) -> None:
        """End a job without a report; see `builder.port`."""
        self._jobs.remove(deployment_id)
        with self._changed:
            if deployment_id in self._running:
                self._canceled.add(deployment_id)
                runner = self._running[deployment_id]
                if runner is not None:
                    runner.kill()
        _log.info("job %s canceled: %s", deployment_id, reason)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            with ExitStack() as afterwards:
                try:
                    end = self._attempt(job, afterwards)
                except Exception:
                    _log.exception("job %s could not be run", job.id)
                    end = None
                with self._changed:
                    self._running.pop(job.id, None)
                    is_canceled = job.id in self._canceled
                    self._canceled.discard(job.id)
                if is_canceled:
                    continue
                if self._closing:
                    self._settle(job, partial(self._jobs.put_back, job.id))
                elif end is not None:
                    self._settle(job, partial(self._jobs.finish, job.id, end))
                elif job.attempt >= MAX_ATTEMPTS:
                    reason = f"The build was lost {job.attempt} times before it ended. Redeploy to try again."
                    self._settle(job, partial(self._jobs.finish, job.id, _end(job, JobStatus.FAILED, reason)))
                else:
                    self._rest(self._retry_seconds * job.attempt)
                    self._settle(job, partial(self._jobs.release, job.id))

    def _next(self) -> QueuedJob | None:
        while True:
            with self._changed:
                if self._closing:
                    return None
                try:
                    job = self._jobs.take()
                except Exception:  # a full disk, say: it must not cost us the worker
                    _log.exception("the queue of jobs could not be read or written")
                    job = None
                if job is not None:
                    self._running[job.id] = None
                    return job
                seconds = self._quiet_seconds if self._reserve is None else _GLANCE_SECONDS
                if not self._changed.wait(seconds) and self._reserve is None and not self._running:
                    self._prepare()

    def _settle(self, job: QueuedJob, write: Callable[[], None]) -> None:
        """Write what became of a job, again until it is written: otherwise nobody would hear of it before the next
        start."""
        is_closing = False
        while not is_closing:
            try:
                write()
                break
            except Exception:
                _log.exception("what became of job %s could not be written", job.id)
            is_closing = self._rest(self._retry_seconds)

    def _rest(self, seconds: float) -> bool:
        """Wait; True at once when the builder is closing."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closing, timeout=seconds)

    def _attempt(self, job: QueuedJob, afterwards: ExitStack) -> JobEnd | None:
        """Run the job once; None when the runner was lost and another attempt makes sense. What nobody need wait for
        is left for `afterwards`."""
        folder = self._program.work_dir / f"{job.id}-{job.attempt}"
        folder.mkdir(parents=True, mode=0o700)
        afterwards.callback(shutil.rmtree, folder, ignore_errors=True)
        log_path = self._program.log_path(job.id)
        log_path.parent.mkdir(parents=True, exist_ok=True)
        order = {"BATTLESHIPER_CLAIM": self._issue_claim(job.id), "BATTLESHIPER_WORK_DIR": str(folder)}
        with log_path.open("ab") as log:
            runner = self._start(order, log)
        afterwards.callback(self._see_off, runner)
        with self._changed:
            self._running[job.id] = runner
            if self._closing or job.id in self._canceled:
                runner.kill()
        try:
            code = runner.status(job.seconds + _SLACK_SECONDS)
        except TimeoutError:
            runner.kill()
            return _end(job, JobStatus.FAILED, f"The build took longer than {job.seconds} seconds and was ended.")
        if code not in _ENDED_BY_ITSELF:
            _log.warning("the runner of job %s ended with %s", job.id, code)
            return None
        return _end(job, JobStatus.SUCCEEDED if code == 0 else JobStatus.FAILED)

    def _start(self, order: Mapping[str, str], log: IO[bytes]) -> Runner:
        """Return a runner with its order: the one that waits, if it still does."""
        with self._changed:
            waiting, self._reserve = self._reserve, None
        if waiting is not None:
            try:
                waiting.order(order, log)
            except RunnerLostError:
                waiting.close()
            else:
                return waiting
        runner = Runner(self._program.arguments, self._program.environment, log)
        with suppress(RunnerLostError):  # its status will tell
            runner.order(order, log)
        return runner

    def _prepare(self) -> None:
        try:
            self._reserve = Runner(self._program.arguments, self._program.environment)
        except OSError:
            _log.exception("no runner could be started ahead")

    def _see_off(self, runner: Runner) -> None:
        """Let a runner keep what the next build can use."""
        deadline = monotonic() + _KEEPING_SECONDS
        while not (runner.has_ended(_WATCH_SECONDS) or self._closing or monotonic() > deadline):
            continue
        runner.close()


def _end(job: QueuedJob, status: JobStatus, reason: str = "") -> JobEnd:
    return JobEnd(job.id, job.project_id, job.deploy_ticket, status, reason)
