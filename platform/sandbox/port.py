"""The sandbox: runs a program that we do not trust where it can do no harm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from subprocess import DEVNULL
from typing import IO, Protocol


class SandboxError(Exception):
    """A sandbox cannot be had; the message says what to install or allow."""


class Network(StrEnum):
    """What a program in the sandbox can reach."""

    HOST = "host"
    """The machine's own network. For our own commands only (git against a GitHub on this machine)."""
    INTERNET = "internet"
    """Everything but this machine's own ports, where a network namespace can be had; otherwise as HOST."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or folder of the machine shown at `inside`."""

    outside: Path
    inside: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """What the program and all it starts may use together (by cgroup) or each (by rlimit)."""

    memory_bytes: int
    processes: int
    file_bytes: int
    """The largest file it may write."""
    cpus: float | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run. `environment` is all the environment it gets."""

    arguments: tuple[str, ...]
    directory: str
    """Working directory, as seen inside."""
    limits: ResourceLimits
    environment: Mapping[str, str] = field(default_factory=dict)
    binds: tuple[Bind, ...] = ()
    network: Network = Network.INTERNET


@dataclass(frozen=True, slots=True)
class Exit:
    """How a program ended. `code` is negative for a signal, as in `subprocess`."""

    code: int
    out_of_memory: bool = False


class Process(Protocol):
    """A running program and everything it started."""

    @property
    def pid(self) -> int:
        """Process id of the outermost process, on the machine."""
        ...

    def wait(self, timeout: float | None = None) -> Exit:
        """Wait for the end; raises TimeoutError after `timeout` seconds, and the program goes on."""
        ...

    def kill(self) -> None:
        """End the program and all it started, double forks and those that ignore SIGTERM included.
        Returns when none is left. Safe to call again."""
        ...


class Sandbox(Protocol):
    """Starts programs apart from the machine."""

    def expect(self) -> None:
        """Be told that a command with a network of its own follows within seconds, to make ready for it meanwhile."""
        ...

    def start(
        self, command: Command, *, stdin: int = DEVNULL, stdout: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> Process:
        """Start `command`; raises SandboxError when it cannot be kept apart as asked."""
        ...
