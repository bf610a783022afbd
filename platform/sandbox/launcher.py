"""Starting programs that must die with the platform.

The kernel's parent-death signal follows the thread that started a program, not its process (prctl(2),
PR_SET_PDEATHSIG), so that a program started from a short-lived worker thread would die with that thread. Here
one thread that lives as long as the process starts them all.
"""

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO


class Launcher:
    """Starts programs from one long-lived thread, with an empty environment and in `/`.

    Keep it as long as any program it started is to live.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-launcher")

    def launch(
        self,
        arguments: Sequence[str],
        *,
        descriptors: Sequence[int] = (),
        stdin: int = subprocess.DEVNULL,
        stdout: IO[bytes] | int,
        stderr: IO[bytes] | int,
    ) -> subprocess.Popen[bytes]:
        """Start a program that inherits `descriptors` under the same numbers; raises OSError."""
        return self._thread.submit(
            subprocess.Popen,
            list(arguments),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            cwd="/",
            pass_fds=tuple(descriptors),
            start_new_session=True,
        ).result()
