"""Runs one program and outlives all it starts: started by `supervised.py` as a script, with nothing of ours imported.

The order comes as JSON through the file descriptor named in the only argument. The exit status is the program's,
128 + n for signal n; 127 when it cannot be started. Where the order names a `user`, all that this user runs ends with
the program.
"""

import base64
import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2


def run(order: dict[str, Any]) -> int:
    """Run the program to its end, then end what it left behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    # Orphans of the program become our children instead of escaping to init; our parent's death ends us.
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != order["parent"]:
        return 128 + signal.SIGKILL  # it died before it could end us
    program = os.fork()
    if program == 0:
        _become(order)
    try:
        try:
            _, status = os.waitpid(program, 0)
        finally:
            # Whoever wants an end now must not cut short the clearing up that brings it.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
    finally:
        _end_descendants(order.get("user"))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _stop(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + signal.SIGKILL)


def _become(order: dict[str, Any]) -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for kind, limit in (
            (resource.RLIMIT_DATA, order["data"]),
            (resource.RLIMIT_FSIZE, order["file"]),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NPROC, order.get("processes", resource.RLIM_INFINITY)),
        ):
            if limit == resource.RLIM_INFINITY:
                continue
            hard = resource.getrlimit(kind)[1]
            limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(kind, (limit, limit))
        if order.get("user") is not None:
            # Should the container's memory run out, the kernel is to end the tenant's program, not the platform's.
            Path("/proc/self/oom_score_adj").write_text("500")
        if order.get("filter"):
            _filter(base64.b64decode(order["filter"]))
        environment = order["environment"]
        os.environ.clear()
        os.environ.update(environment)
        os.execvpe(order["arguments"][0], order["arguments"], environment)  # noqa: S606 - no shell is wanted
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{order['arguments'][0]}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(127)


def _filter(code: bytes) -> None:
    """Let the kernel refuse system calls from here on (seccomp(2); `seccomp.py` makes the code)."""

    class Program(ctypes.Structure):
        """struct sock_fprog: how many instructions, and where."""

        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(code) // 8, code)
    # The first is what lets anybody but the machine's root do the second.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the system call filter is refused")


def _end_user(user: int) -> None:
    """Kill all that the user runs, in one step that no fork outruns.

    The killer's effective user is theirs, so that it may kill them, but its real and saved ones are another's, so that
    they may not kill it (kill(2)).
    """
    killer = os.fork()
    if killer == 0:
        try:
            os.setresuid(user + 1, user, user + 1)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(killer, 0)


def _end_descendants(user: int | None) -> None:
    while True:
        if user is not None:
            _end_user(user)
        for process in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _descendants(ancestor: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name in parentheses may hold anything, so count from the last one: state, then parent.
                parents[int(entry.name)] = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
    found: list[int] = []
    generation = {ancestor}
    while generation:
        generation = {child for child, parent in parents.items() if parent in generation}
        found += generation
    return found


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1])) as pipe:
        received = json.load(pipe)
    sys.exit(run(received))
