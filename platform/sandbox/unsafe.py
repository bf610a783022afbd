"""No sandbox at all: a plain process of the same user, for machines without bubblewrap and repositories one trusts.

The program sees the whole machine and its network. What is kept is what keeps the platform in order: its own
environment, limits per process, and an end that leaves no process behind.
"""

import subprocess
from typing import IO

from battleshiper.platform.sandbox.port import Command
from battleshiper.platform.sandbox.supervised import SupervisedProcess, refuse_moves, supervise


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
    ) -> SupervisedProcess:
        """Start `command`; raises SandboxError when a bind would have to move or the program cannot be started.

        The program ends with the thread that calls this (PR_SET_PDEATHSIG), so that none outlives the platform.
        """
        refuse_moves(command)
        return supervise(command, {}, stdin=stdin, stdout=stdout, stderr=stderr)
