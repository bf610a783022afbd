"""Real sandboxes to run scripts in."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
from battleshiper.platform.sandbox.port import Bind, Command, Exit, Network, ResourceLimits
from battleshiper.platform.sandbox.process import BubblewrapProcess

PATH = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
LIMITS = ResourceLimits(memory_bytes=256 * 1024**2, processes=40, file_bytes=8 * 1024**2)


@cache
def _bubblewrap() -> Bubblewrap:
    return Bubblewrap()


@dataclass(frozen=True)
class Outcome:
    """How a script ended and what it printed, on either stream."""

    exit: Exit
    text: str


class Box:
    """Runs shell scripts in a sandbox."""

    def __init__(self, sandbox: Bubblewrap) -> None:
        self.sandbox = sandbox

    def start(
        self,
        script: str | tuple[str, ...],
        output: int,
        *,
        binds: tuple[Bind, ...] = (),
        environment: Mapping[str, str] = PATH,
        limits: ResourceLimits = LIMITS,
        network: Network = Network.NONE,
    ) -> BubblewrapProcess:
        """Start a script, or a program with its arguments, whose output goes to a descriptor."""
        arguments = ("/bin/sh", "-c", script) if isinstance(script, str) else script
        command = Command(arguments, "/tmp", limits, environment, binds, network)  # noqa: S108
        return self.sandbox.start(command, stdout=output, stderr=output)

    def run(self, script: str | tuple[str, ...], timeout: float = 30, **wishes: object) -> Outcome:
        """Run a script to its end."""
        with tempfile.TemporaryFile() as output:
            process = self.start(script, output.fileno(), **wishes)  # type: ignore[arg-type]
            try:
                ended = process.wait(timeout)
            finally:
                process.kill()
            output.seek(0)
            return Outcome(ended, output.read().decode(errors="replace"))


@pytest.fixture
def box() -> Box:
    """Return a real sandbox; skips where none can be had."""
    sandbox = _bubblewrap()
    if sandbox.check():
        pytest.skip(" ".join(sandbox.check()))
    return Box(sandbox)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """Return a maker of folders that a sandboxed program may read."""

    def make(name: str) -> Path:
        made = tmp_path / name
        made.mkdir()
        made.chmod(0o755)
        return made

    return make


@pytest.fixture
def own_network(box) -> None:
    """Skip where a sandbox cannot have a network of its own."""
    problems = [weakness for weakness in box.sandbox.weaknesses if "ports of this machine" in weakness]
    if problems:
        pytest.skip(problems[0])
