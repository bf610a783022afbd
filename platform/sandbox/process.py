"""A sandboxed program that runs."""

import os
import select
import signal
import subprocess
import threading
import weakref
from contextlib import suppress

from battleshiper.platform.sandbox.cgroup import Cgroup
from battleshiper.platform.sandbox.launcher import Launcher
from battleshiper.platform.sandbox.network import Network
from battleshiper.platform.sandbox.port import Exit, SandboxError

_KILL_SECONDS = 30.0
_SIGNAL_BASE = 128
"""bubblewrap, like a shell, tells of a death by signal N as the status 128 + N."""


class BubblewrapProcess:
    """A program in a process namespace of its own, whose first process takes all others with it."""

    def __init__(
        self,
        outer: "subprocess.Popen[bytes]",
        first: int,
        cgroup: Cgroup,
        network: Network | None,
        launcher: Launcher,
    ) -> None:
        """Take over the processes `outer` (bubblewrap itself) and `first` (a descriptor of the namespace's first)."""
        self._outer = outer
        self._outer_end = os.pidfd_open(outer.pid)
        self._first = first
        self._cgroup = cgroup
        self._network = network
        self._launcher = launcher
        self._lock = threading.Lock()
        self._exit: Exit | None = None
        for descriptor in (first, self._outer_end):
            weakref.finalize(self, os.close, descriptor)

    @property
    def pid(self) -> int:
        """Process id of bubblewrap itself, on the machine."""
        return self._outer.pid

    def wait(self, timeout: float | None = None) -> Exit:
        """Wait for the program; what it leaves running in the background is ended then."""
        if self._exit is None and not _has_ended(self._outer_end, timeout):
            raise TimeoutError(f"The program still runs after {timeout} seconds.")
        return self._finish()

    def kill(self) -> None:
        """End everything in the sandbox; raises SandboxError when the kernel does not let go of it."""
        self._finish()

    def _finish(self) -> Exit:
        with self._lock:
            if self._exit is None:
                self._cgroup.kill()
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._first, signal.SIGKILL)
                if not _has_ended(self._first, _KILL_SECONDS):
                    raise SandboxError("The kernel does not end a sandboxed program; look for stuck disks in `dmesg`.")
                status = self._outer.wait()
                self._exit = Exit(_code(status), self._cgroup.out_of_memory())
                self._release()
            return self._exit

    def _release(self) -> None:
        if self._network is not None:
            self._network.close()
        self._cgroup.remove()


def _code(status: int) -> int:
    is_signal = _SIGNAL_BASE < status < _SIGNAL_BASE + signal.NSIG
    return _SIGNAL_BASE - status if is_signal else status


def _has_ended(descriptor: int, timeout: float | None) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if timeout is None else max(0, int(timeout * 1000))))
