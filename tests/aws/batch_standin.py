"""A stand-in for AWS Batch: takes jobs over Batch's API, runs each as a process with the job's environment, and says
what becomes of them in Batch's own words.

It knows what our builds use: one container per job, retry strategies, timeouts, fair share, cancelling. What Spot does
to a job, and machines that do not start, happen when a test says so.
"""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

SPOT = "Your Spot Task was interrupted."
TIMEOUT = "Job attempt duration exceeded timeout"
EXITED = "Essential container in task exited"
_WAITING = ("SUBMITTED", "RUNNABLE")
ARN = "arn:aws:batch:eu-central-1:123456789012"


@dataclass(frozen=True)
class Image:
    """What runs in a container: the program, and the environment of an attempt that works in a given empty folder."""

    arguments: Sequence[str]
    environment: Callable[[Path], Mapping[str, str]]


@dataclass(frozen=True)
class Fault:
    """An attempt whose container never starts."""

    status_reason: str
    reason: str = ""


@dataclass
class _Job:
    request: Mapping[str, Any]
    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "RUNNABLE"
    status_reason: str = ""
    created_at: int = field(default_factory=lambda: _now())
    attempts: list[dict[str, Any]] = field(default_factory=list)
    container: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ended_by: str = ""
    """Why the process is being ended from outside; empty when it is not."""
    is_terminated: bool = False

    @property
    def queue(self) -> str:
        return str(self.request["jobQueue"]).rpartition("/")[2]

    def describe(self) -> dict[str, Any]:
        """Return the job as DescribeJobs and the events show it."""
        shown = {
            "jobArn": f"{ARN}:job/{self.id}",
            "jobName": self.request["jobName"],
            "jobId": self.id,
            "jobQueue": f"{ARN}:job-queue/{self.queue}",
            "status": self.status,
            "shareIdentifier": self.request.get("shareIdentifier", ""),
            "attempts": self.attempts,
            "createdAt": self.created_at,
            "retryStrategy": self.request.get("retryStrategy", {"attempts": 1, "evaluateOnExit": []}),
            "dependsOn": [],
            "jobDefinition": f"{ARN}:job-definition/{self.request['jobDefinition']}:1",
            "parameters": {},
            "container": {"environment": self.request["containerOverrides"]["environment"], **self.container},
            "timeout": self.request.get("timeout", {}),
            "platformCapabilities": ["FARGATE"],
            "isCancelled": False,
            "isTerminated": self.is_terminated,
        }
        return shown | ({"statusReason": self.status_reason} if self.status_reason else {})


class BatchStandIn:
    """The service. `tell` gets every "Job State Change" event, `log` every line a job prints, with its log stream.

    `machines` is how many jobs of each queue run at a time; a queue that is not named has none.
    """

    def __init__(
        self,
        folder: Path,
        image: Image,
        tell: Callable[[dict[str, Any]], None],
        log: Callable[[str, str], None],
        machines: Mapping[str, int],
    ) -> None:
        self._folder = folder
        self._image = image
        self._tell = tell
        self._log = log
        self.machines = dict(machines)
        self.faults: list[Fault] = []
        """What happens to the next attempts, before any starts."""
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self._is_closing = False
        # Apart from the jobs: whoever is told may ask us something before it returns.
        self._events: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._teller = threading.Thread(target=self._tell_all, daemon=True)
        self._teller.start()

    def submit(self, request: Mapping[str, Any]) -> _Job:
        """Take a job (SubmitJob)."""
        with self._lock:
            job = _Job(request)
            self._jobs[job.id] = job
            self._change(job, "RUNNABLE")
        self.schedule()
        return job

    def jobs(self, queue: str = "", status: str = "", name: str = "") -> list[_Job]:
        """Return the jobs that match, newest first (ListJobs)."""
        with self._lock:
            return [
                job
                for job in reversed(self._jobs.values())
                if queue in ("", job.queue)
                and status in ("", job.status)
                and name.lower() in ("", job.request["jobName"].lower())
            ]

    def find(self, job_id: str) -> _Job | None:
        """Return a job by its id."""
        return self._jobs.get(job_id)

    def terminate(self, job_id: str, reason: str) -> None:
        """End a job, waiting or running (TerminateJob)."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.status in ("SUCCEEDED", "FAILED"):
                return
            job.is_terminated = True
            if job.status in _WAITING:
                self._change(job, "FAILED", reason)
            else:
                self._stop(job, reason)

    def reclaim(self, job_id: str) -> None:
        """Take the machine away from a running job, as Spot does."""
        with self._lock:
            self._stop(self._jobs[job_id], SPOT)

    def close(self) -> None:
        """End everything."""
        with self._lock:
            self._is_closing = True
            for job in self._jobs.values():
                self._stop(job, "closing", signal.SIGKILL)
        for thread in self._threads:
            thread.join(20)
        self._events.put(None)
        self._teller.join(20)

    def schedule(self) -> None:
        """Start what may run: the oldest job of the share that has fewest running."""
        with self._lock:
            while not self._is_closing and (job := self._next()):
                self._change(job, "STARTING")
                thread = threading.Thread(target=self._run, args=(job,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _next(self) -> _Job | None:
        for queue, machines in self.machines.items():
            at_work = [job for job in self.jobs(queue) if job.status in ("STARTING", "RUNNING")]
            shares = [job.request.get("shareIdentifier") for job in at_work]
            oldest_first = self.jobs(queue, "RUNNABLE")[::-1]
            if oldest_first and len(at_work) < machines:
                return min(oldest_first, key=lambda job: shares.count(job.request.get("shareIdentifier")))
        return None

    def _run(self, job: _Job) -> None:
        started, number = _now(), len(job.attempts) + 1
        stream = f"battleshiper-build/default/{uuid4().hex}"
        with self._lock:
            fault = self.faults.pop(0) if self.faults else None
        if fault:
            job.container = {"reason": fault.reason} if fault.reason else {}
            status_reason, code = fault.status_reason, None
        else:
            job.container = {"logStreamName": stream}
            status_reason, code = self._attempt(job, number, stream)
            job.container = {"logStreamName": stream, "exitCode": code}
            if job.ended_by == "" and code == 137:
                job.container["reason"] = "OutOfMemoryError: Container killed due to memory usage"
        with self._lock:
            job.attempts.append(
                {
                    "container": dict(job.container),
                    "startedAt": started,
                    "stoppedAt": _now(),
                    "statusReason": status_reason,
                }
            )
            if code == 0 and not job.ended_by:
                self._change(job, "SUCCEEDED", status_reason)
            elif self._is_tried_again(job, status_reason, code):
                job.ended_by = ""
                self._change(job, "RUNNABLE", status_reason)
            else:
                self._change(job, "FAILED", status_reason)
        self.schedule()

    def _attempt(self, job: _Job, number: int, stream: str) -> tuple[str, int]:
        """Run the job's process and return the reason for its end and its exit code."""
        work = self._folder / f"{job.id}-{number}"
        work.mkdir(parents=True)
        overrides = {each["name"]: each["value"] for each in job.request["containerOverrides"]["environment"]}
        own = {
            "AWS_BATCH_JOB_ID": job.id,
            "AWS_BATCH_JOB_ATTEMPT": str(number),
            "AWS_BATCH_JQ_NAME": job.queue,
            "AWS_BATCH_CE_NAME": f"{job.queue}-machines",
        }
        with self._lock:
            if not job.ended_by:
                job.process = subprocess.Popen(
                    list(self._image.arguments),
                    env={**self._image.environment(work), **overrides, **own},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._change(job, "RUNNING")
        if job.process is None:
            return job.ended_by, 143
        seconds = job.request.get("timeout", {}).get("attemptDurationSeconds")
        timer = threading.Timer(seconds or 86_400, self._stop, (job, TIMEOUT))
        timer.daemon = True
        timer.start()
        assert job.process.stdout is not None
        with job.process.stdout:
            for line in job.process.stdout:
                self._log(stream, line.decode(errors="replace").rstrip("\n"))
        code = job.process.wait()
        timer.cancel()
        with self._lock:
            job.process = None
        return job.ended_by or EXITED, 128 - code if code < 0 else code

    def _stop(self, job: _Job, reason: str, how: signal.Signals = signal.SIGTERM) -> None:
        with self._lock:
            job.ended_by = job.ended_by or reason
            if job.process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(job.process.pid, how)

    def _tell_all(self) -> None:
        while (event := self._events.get()) is not None:
            self._tell(event)

    def _is_tried_again(self, job: _Job, status_reason: str, code: int | None) -> bool:
        """Decide as Batch does (user guide, "Automated job retries"): a rule fits when all it names fit."""
        strategy = job.request.get("retryStrategy", {})
        if job.is_terminated or status_reason == TIMEOUT or len(job.attempts) >= strategy.get("attempts", 1):
            return False
        said = {
            "onStatusReason": status_reason,
            "onReason": job.container.get("reason", ""),
            "onExitCode": "" if code is None else str(code),
        }
        for rule in strategy.get("evaluateOnExit", ()):
            if all(_fits(rule[name], text) for name, text in said.items() if name in rule):
                return bool(rule["action"].upper() == "RETRY")
        return True

    def _change(self, job: _Job, status: str, reason: str = "") -> None:
        job.status, job.status_reason = status, reason
        if self._is_closing:
            return
        self._events.put(
            {
                "version": "0",
                "id": str(uuid4()),
                "detail-type": "Batch Job State Change",
                "source": "aws.batch",
                "account": "123456789012",
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "region": "eu-central-1",
                "resources": [f"{ARN}:job/{job.id}"],
                "detail": job.describe(),
            }
        )


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.DOTALL) is not None


def _now() -> int:
    return int(time.time() * 1000)
