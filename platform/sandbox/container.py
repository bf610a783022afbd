"""The sandbox inside a container that has nothing else in it, such as a job on Fargate.

There no namespace can be made: no container of Fargate's is privileged or gets CAP_SYS_ADMIN or CAP_NET_ADMIN, and
none may make user namespaces. The walls to the machine are the container's own. What has to be kept apart within is
the platform's program, which is root, from the tenant's, and for that users are enough: another user without
capabilities, without a way to gain any, may neither trace root's processes nor read their memory, environment or
files.
"""

import base64
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from typing import IO

from battleshiper.platform.sandbox import environment
from battleshiper.platform.sandbox.ownership import give
from battleshiper.platform.sandbox.port import Command, Network, SandboxError
from battleshiper.platform.sandbox.seccomp import INTERNET_FAMILIES, LOCAL_FAMILIES, filter_for
from battleshiper.platform.sandbox.supervised import SupervisedProcess, refuse_moves, supervise

_CAPABILITIES = {
    "CAP_CHOWN": 0,
    "CAP_DAC_OVERRIDE": 1,
    "CAP_KILL": 5,
    "CAP_SETGID": 6,
    "CAP_SETUID": 7,
    "CAP_SETPCAP": 8,
}
"""What root needs, all among those that containers have by default (capabilities(7))."""


class Container:
    """Starts programs as user and group `uid`, one program at a time: its end is the end of all that this user runs.

    Neither that user nor `uid + 1` may run anything else in the container. A writable bind is given to the user; what
    it may only read must be readable for everybody, and all that it must not read closed to everybody but root. A bind
    must show a path where it is.

    Of the limits, the number of processes holds for all of them together, memory and file size for each. A program
    without network can make no sockets but local ones; every other one has the container's network.
    """

    def __init__(self, uid: int = 64100) -> None:
        self._uid = uid

    def check(self) -> list[str]:
        """Return why programs cannot be kept apart here, each with what to do about it; empty when they can."""
        return list(_problems())

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What this sandbox does not keep apart though asked to, each as a sentence for the operator."""
        always = (
            "Sandboxed programs reach what the container's network reaches, its metadata addresses included: give the "
            "container no role, and a network without anything of yours.",
        )
        if filter_for(platform.machine()) is None:
            return (*always, f"System calls are not filtered: no filter is known for {platform.machine()}.")
        return always

    def expect(self) -> None:
        """Nothing can be made ready here."""

    def start(
        self, command: Command, *, stdin: int = subprocess.DEVNULL, stdout: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> SupervisedProcess:
        """Start `command`; raises SandboxError. It ends with the thread that calls this."""
        if problems := self.check():
            raise SandboxError(" ".join(problems))
        refuse_moves(command)
        for bind in command.binds:
            if bind.writable and bind.outside.exists():
                give(bind.outside, self._uid)
        user = str(self._uid)
        families = LOCAL_FAMILIES if command.network is Network.NONE else INTERNET_FAMILIES
        filtered = filter_for(platform.machine(), families) or b""
        early, late = environment.parted(command.environment)
        order = {
            "arguments": [
                *("/usr/bin/setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs"),
                *("--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"),
                # Only now: the folder may be the user's, and a link by then.
                *("/usr/bin/env", f"--chdir={command.directory}", *late, *command.arguments),
            ],
            "directory": "/",
            "environment": early,
            "processes": command.limits.processes,
            "filter": base64.b64encode(filtered).decode(),
            "user": self._uid,
        }
        return supervise(command, order, stdin=stdin, stdout=stdout, stderr=stderr)


def _problems() -> Iterator[str]:
    if os.getuid() != 0:
        yield "The container's program must run as root, to keep the tenant's commands from what it knows."
        return
    effective = _effective_capabilities()
    missing = [name for name, number in _CAPABILITIES.items() if not effective >> number & 1]
    if missing:
        yield f"The container lacks {', '.join(missing)}: run it with the capabilities that containers have by default."
    for program in ("setpriv", "env"):
        if not shutil.which(program, path="/usr/bin"):
            yield f"/usr/bin/{program} is not in the container's image."


def _effective_capabilities() -> int:
    with open("/proc/self/status") as status:  # noqa: PTH123 - read line by line, and only so far
        return next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
