"""Programs under a supervisor, which ends when nothing of its program is left: see `supervisor.py`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from battleshiper.platform.sandbox.limits import mapped_bytes
from battleshiper.platform.sandbox.port import Command, Exit, SandboxError

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_SIGNAL_BASE = 128


class SupervisedProcess:
    """A program under its supervisor."""

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
        is_signal = _SIGNAL_BASE < code < _SIGNAL_BASE + signal.NSIG
        return Exit(_SIGNAL_BASE - code if is_signal else code)

    def kill(self) -> None:
        """End the program and all it started."""
        if self._supervisor.poll() is None:
            self._supervisor.terminate()
        self._supervisor.wait()


def supervise(
    command: Command, extra: Mapping[str, Any], *, stdin: int, stdout: IO[bytes] | int, stderr: IO[bytes] | int
) -> SupervisedProcess:
    """Start a supervisor with `command` as its order, as far as `extra` does not say otherwise; raises SandboxError.

    The program ends with the thread that calls this (PR_SET_PDEATHSIG), so that none outlives the platform.
    """
    order = {
        "arguments": command.arguments,
        "directory": command.directory,
        "environment": dict(command.environment),
        "parent": os.getpid(),
        "data": mapped_bytes(command.limits),
        "file": command.limits.file_bytes,
        **extra,
    }
    # The order goes through a pipe: arguments are readable by every user of the machine.
    reading, writing = os.pipe()
    try:
        supervisor = subprocess.Popen(
            [sys.executable, "-I", str(_SUPERVISOR), str(reading)],
            cwd=order["directory"],
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
            json.dump(order, pipe)
    except BrokenPipeError as error:
        supervisor.wait()
        raise SandboxError(f"{command.arguments[0]} cannot be started.") from error
    return SupervisedProcess(supervisor)


def refuse_moves(command: Command) -> None:
    """Raise SandboxError when a bind would show a path elsewhere than where it is."""
    for bind in command.binds:
        if str(bind.outside) != bind.inside:
            raise SandboxError(f"Without a sandbox of its own view {bind.outside} cannot be shown at {bind.inside}.")
