"""A runner process, which is started before there is a build for it."""

import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from time import monotonic
from typing import IO

_STATUS_BYTES = 8


class RunnerLostError(Exception):
    """The runner ended before it took its order."""


class Runner:
    """One process for one build. It speaks as `build_runner/standby.py` says, over a socket that nobody else has."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], output: int | IO[bytes] = subprocess.DEVNULL
    ) -> None:
        """Start it; `output` takes what it says before it has an order. Raises OSError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as undo, theirs:
            undo.enter_context(ours)
            self._process = subprocess.Popen(
                list(arguments),
                env=dict(environment),
                stdin=theirs.fileno(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            undo.pop_all()
        self._socket = ours
        self._end = os.pidfd_open(self._process.pid)

    def order(self, environment: Mapping[str, str], log: IO[bytes]) -> None:
        """Say what to build, as the rest of its environment, and where its log goes; raises RunnerLostError."""
        try:
            socket.send_fds(self._socket, [json.dumps(dict(environment)).encode()], [log.fileno()])
        except OSError as error:
            raise RunnerLostError(str(error)) from error

    def status(self, seconds: float) -> int:
        """Return the exit status as soon as it is known, which is before the process ends; negative for a signal.
        Raises TimeoutError."""
        deadline = monotonic() + seconds
        if not _wait(seconds, self._socket.fileno(), self._end):
            raise TimeoutError
        told = self._told()
        if told.isdigit():
            return int(told)
        if not _wait(deadline - monotonic(), self._end):
            raise TimeoutError
        return self._process.wait()

    def has_ended(self, seconds: float = 0) -> bool:
        """Tell whether the process is gone, after waiting for it."""
        return _wait(seconds, self._end)

    def kill(self) -> None:
        """End it and what it started outside of a sandbox; any thread may."""
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def close(self) -> None:
        """End it and forget it."""
        self.kill()
        self._process.wait()
        self._socket.close()
        os.close(self._end)

    def _told(self) -> bytes:
        try:
            return self._socket.recv(_STATUS_BYTES, socket.MSG_DONTWAIT)
        except OSError:  # it ended without a word
            return b""


def _wait(seconds: float, *descriptors: int) -> bool:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(0, seconds) * 1000))
