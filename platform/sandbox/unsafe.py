"""No sandbox at all: a plain process of the same user, for machines without bubblewrap and repositories one trusts.

The program sees the whole machine and its network. What is kept is what keeps the platform in order: its own
environment, limits per process, and an end that leaves no process behind.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from battleshiper.platform.sandbox.limits import mapped_bytes
from battleshiper.platform.sandbox.port import Command, Exit, SandboxError

_SUPERVISOR = Path(__file__).with_name("supervisor.py")


class UnsafeProcess:
    """A program under its supervisor, which ends when nothing of the program is left."""

    def __init__(self, supervisor: subprocess.Popen[bytes]) -> None:
        self._supervisor = supervisor

    @property
    def pid(self) -> int:
        """Process id of the supervisor."""
        return self._supervisor.pid

    def wait(self, timeout: float | None = None) -> Exit:
        """Wait for the end of the program; what it left behind is gone by then."""
        try:
            code = self._supervisor.wait(timeout)
        except subprocess.TimeoutExpired as expired:
            raise TimeoutError(f"the program still runs after {timeout} s") from expired
        if code < 0:
            return Exit(-signal.SIGKILL)  # the supervisor was ended before it could start the program
        return Exit(128 - code if code > 128 else code)

    def kill(self) -> None:
        """End the program and all it started."""
        if self._supervisor.poll() is None:
            self._supervisor.terminate()
        self._supervisor.wait()


class Unsafe:
    """Starts programs as they are. A bind must show a path where it is, because nothing can be moved.

    Of the limits, file size holds for each process, and memory only roughly (see `limits.mapped_bytes`); the number
    of processes is not limited, because RLIMIT_NPROC would count everything else that the user runs.
    """

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What this sandbox does not protect, one sentence each."""
        return ("Programs are not kept apart from this machine at all: they can read and change all that you can.",)

    def expect(self) -> None:
        """Nothing can be made ready here."""

    def start(
        self, command: Command, *, stdin: int = subprocess.DEVNULL, stdout: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> UnsafeProcess:
        """Start `command`; raises SandboxError when a bind would have to move or the program cannot be started.

        The program ends with the thread that calls this (PR_SET_PDEATHSIG), so that none outlives the platform.
        """
        for bind in command.binds:
            if str(bind.outside) != bind.inside:
                raise SandboxError(f"Without a sandbox {bind.outside} cannot be shown at {bind.inside}.")
        limits = {"data": mapped_bytes(command.limits), "file": command.limits.file_bytes}
        order = json.dumps(
            {
                "arguments": command.arguments,
                "environment": dict(command.environment),
                "parent": os.getpid(),
                **limits,
            }
        )
        # The order goes through a pipe: arguments are readable by every user of the machine.
        reading, writing = os.pipe()
        try:
            supervisor = subprocess.Popen(
                [sys.executable, "-I", str(_SUPERVISOR), str(reading)],
                cwd=command.directory,
                env={},
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                pass_fds=(reading,),
                start_new_session=True,
            )
        except OSError as error:
            os.close(writing)
            raise SandboxError(f"{command.arguments[0]} cannot be started: {error}") from error
        finally:
            os.close(reading)
        try:
            with os.fdopen(writing, "w") as pipe:
                pipe.write(order)
        except BrokenPipeError as error:
            supervisor.wait()
            raise SandboxError(f"{command.arguments[0]} cannot be started.") from error
        return UnsafeProcess(supervisor)
