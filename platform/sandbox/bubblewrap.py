"""The sandbox by bubblewrap (https://github.com/containers/bubblewrap): namespaces, no rights, bounded resources."""

import json
import os
import platform
import subprocess
from contextlib import ExitStack, suppress
from functools import cached_property
from typing import IO

from battleshiper.platform.sandbox import environment, view
from battleshiper.platform.sandbox.ahead import NetworkAhead
from battleshiper.platform.sandbox.cgroup import Cgroups
from battleshiper.platform.sandbox.diagnosis import find_problems
from battleshiper.platform.sandbox.launcher import Launcher
from battleshiper.platform.sandbox.limits import prlimit
from battleshiper.platform.sandbox.memory_files import MemoryFiles
from battleshiper.platform.sandbox.network import Network as OwnNetwork
from battleshiper.platform.sandbox.network import Networks
from battleshiper.platform.sandbox.ownership import give
from battleshiper.platform.sandbox.port import Command, Network, SandboxError
from battleshiper.platform.sandbox.process import BubblewrapProcess
from battleshiper.platform.sandbox.seccomp import filter_for

_NAMESPACES = ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")


class Bubblewrap:
    """Starts programs apart from the machine. Works for root and, where user namespaces are allowed, for any user.

    Run by root, programs run as the user and group `unprivileged_uid`, which nothing else on the machine should use
    (and `unprivileged_uid + 1` for the network), with no rights left. A writable bind is given to that user, with
    all that is in it; what is bound read-only must be readable for everybody, though the folders above it need not be.
    Run by another user, programs run as that user, in a user namespace.

    Only what lies in the binds outlives a program; `/tmp` is memory, and part of its memory limit.
    """

    def __init__(self, unprivileged_uid: int = 64000, *, cgroups: Cgroups | None = None) -> None:
        is_root = os.getuid() == 0
        self._uid = unprivileged_uid if is_root else None
        self._filter = filter_for(platform.machine())
        self._launcher = Launcher()
        self._cgroups = Cgroups() if cgroups is None else cgroups
        self._networks = Networks(self._launcher, unprivileged_uid + 1 if is_root else None)
        self._ahead = NetworkAhead(self._networks.open)

    def check(self) -> list[str]:
        """Return why no sandbox can be had here, each with what to do about it; empty when one can."""
        return list(self._problems)

    @cached_property
    def weaknesses(self) -> tuple[str, ...]:
        """What sandboxes here do not keep apart though asked to, each as a sentence for the operator."""
        found = []
        if self._network_problem:
            found.append(
                "Sandboxed programs with internet access can also reach the ports of this machine, because "
                + self._network_problem
            )
        if not {"memory", "pids"} <= self._cgroups.controllers:
            found.append(
                "Memory and processes are limited for each process instead of for all that a program starts, because "
                "there is no writable control group; run the platform as root to have one."
            )
        if self._filter is None:
            found.append(f"Dangerous system calls are not filtered: no filter is known for {platform.machine()}.")
        return tuple(found)

    def expect(self) -> None:
        """Begin to make the network of the next sandbox that has one."""
        if not self._network_problem:
            self._ahead.expect()

    def start(
        self, command: Command, *, stdin: int = subprocess.DEVNULL, stdout: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> BubblewrapProcess:
        """Start `command`, by default with an empty standard input; raises SandboxError."""
        if self._problems:
            raise SandboxError(" ".join(self._problems))
        for bind in command.binds:
            if bind.writable and self._uid is not None and bind.outside.exists():
                give(bind.outside, self._uid)
        with ExitStack() as undo:
            network = None
            if command.network is Network.INTERNET and not self._network_problem:
                network = self._ahead.take()
                undo.callback(network.close)
            try:
                cgroup = self._cgroups.create(command.limits)
                undo.callback(cgroup.remove)
                gate = undo.enter_context(_Gate())
                outer = self._launch(command, network, gate, stdin, stdout, stderr)
                undo.callback(outer.wait)
                undo.callback(outer.kill)
                first = gate.first_process()
                handle = os.pidfd_open(first)
                cgroup.add(first)
                gate.open()
            except OSError as error:
                raise SandboxError(f"A sandbox could not be started: {error}") from error
            undo.pop_all()
            gate.close()
        return BubblewrapProcess(outer, handle, cgroup, network, self._launcher)

    def _launch(
        self,
        command: Command,
        network: OwnNetwork | None,
        gate: "_Gate",
        stdin: int,
        stdout: IO[bytes] | int,
        stderr: IO[bytes] | int,
    ) -> "subprocess.Popen[bytes]":
        uid, gid = (self._uid, self._uid) if self._uid is not None else (os.getuid(), os.getgid())
        with MemoryFiles() as files:
            hidden = [
                *_NAMESPACES,
                *("--die-with-parent", "--new-session", "--hostname", view.HOSTNAME),
                *(["--unshare-net"] if command.network is Network.NONE else []),
                *gate.arguments,
                *view.system(
                    files,
                    uid=uid,
                    gid=gid,
                    resolver=network.resolver if network else view.machine_resolver(),
                    temporary_bytes=command.limits.memory_bytes // 2,
                ),
                *view.binds(command.binds),
                *view.seal(),
                *("--chdir", command.directory),
                *environment.early(command.environment),
                *self._rights(uid, gid),
                *(["--seccomp", files.add(self._filter)] if self._filter else []),
            ]
            program = [
                *prlimit(command.limits, self._cgroups.controllers),
                *self._drop(),
                *environment.late(command.environment),
                *command.arguments,
            ]
            listed = files.add("".join(f"{argument}\0" for argument in hidden).encode("utf-8", "surrogateescape"))
            return self._launcher.launch(
                [*(network.entrance if network else ()), "bwrap", "--args", listed, "--", *program],
                descriptors=[*files.descriptors, *gate.inherited],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
            )

    def _rights(self, uid: int, gid: int) -> list[str]:
        """Return what bubblewrap needs to make the program a nobody: by `setpriv`, or by a user namespace."""
        if self._uid is None:
            return ["--unshare-user", "--uid", str(uid), "--gid", str(gid), "--cap-drop", "ALL"]
        kept = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
        return ["--cap-drop", "ALL", *(part for capability in kept for part in ("--cap-add", capability))]

    def _drop(self) -> list[str]:
        if self._uid is None:
            return []
        user = str(self._uid)
        return [
            *("/usr/bin/setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs"),
            *("--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"),
        ]

    @cached_property
    def _problems(self) -> tuple[str, ...]:
        return tuple(find_problems(is_root=self._uid is not None))

    @cached_property
    def _network_problem(self) -> str:
        """Why no network of its own can be had, found out by making one; empty when it can."""
        lacking = self._networks.lacks()
        if lacking:
            return lacking
        try:
            self._networks.open().close()
        except (SandboxError, OSError, subprocess.SubprocessError) as error:
            return str(error)
        return ""


class _Gate:
    """Holds a new sandbox back, before the program in it runs, until it has been put where it belongs."""

    def __init__(self) -> None:
        self._info, info = os.pipe()
        gate, self._gate = os.pipe()
        self.inherited = [info, gate]
        self.arguments = ["--info-fd", str(info), "--block-fd", str(gate)]

    def first_process(self) -> int:
        """Return the process id, on the machine, of the sandbox's first process; raises SandboxError."""
        self._close_inherited()
        told = b""
        while b"}" not in told:
            part = os.read(self._info, 4096)
            if not part:
                raise SandboxError("bubblewrap ended before the program ran; its own words stand in the error output.")
            told += part
        return int(json.loads(told)["child-pid"])

    def open(self) -> None:
        """Let the program run."""
        with suppress(BrokenPipeError):
            os.write(self._gate, b"1")

    def close(self) -> None:
        """Give the pipes back; a program still held back goes nowhere then."""
        self._close_inherited()
        for descriptor in (self._info, self._gate):
            os.close(descriptor)

    def _close_inherited(self) -> None:
        while self.inherited:
            os.close(self.inherited.pop())

    def __enter__(self) -> "_Gate":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
