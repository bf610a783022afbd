"""The stand-in for a sandbox: same ends, same environment, no walls."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.port import Bind, Command, ResourceLimits, SandboxError
from battleshiper.platform.sandbox.supervised import SupervisedProcess
from battleshiper.platform.sandbox.unsafe import Unsafe

LIMITS = ResourceLimits(memory_bytes=512 * 1024**2, processes=64, file_bytes=1024**2)


def start(directory: Path, script: str, environment: Mapping[str, str] | None = None) -> SupervisedProcess:
    command = Command(("/bin/sh", "-c", script), str(directory), LIMITS, environment or {"PATH": os.environ["PATH"]})
    with (directory / "output").open("wb") as output:
        return Unsafe().start(command, stdout=output, stderr=output)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def pid_in(path: Path) -> int:
    for _ in range(500):
        if path.exists() and path.read_text().strip():
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError(f"nothing was written to {path}")


def test_an_exit_code_and_a_signal_are_told_apart(tmp_path: Path) -> None:
    """The exit is what the program ended with, negative for a signal."""
    assert start(tmp_path, "exit 7").wait(20).code == 7
    assert start(tmp_path, "kill -11 $$").wait(20).code == -11
    assert start(tmp_path, "exit 243").wait(20).code == 243


def test_the_environment_is_the_commands_alone(tmp_path: Path) -> None:
    """Nothing of the starter's environment arrives."""
    start(tmp_path, "/usr/bin/env", {"ONLY": "this"}).wait(20)
    lines = (tmp_path / "output").read_text().splitlines()
    assert "ONLY=this" in lines
    assert {line.partition("=")[0] for line in lines} <= {"ONLY", "PWD", "SHLVL", "_", "OLDPWD"}


def test_a_program_that_is_not_there_ends_with_127(tmp_path: Path) -> None:
    """A missing program is an exit code with a message in the output, as a shell would say."""
    with (tmp_path / "output").open("wb") as output:
        process = Unsafe().start(Command(("no-such-program",), str(tmp_path), LIMITS), stdout=output, stderr=output)
        assert process.wait(20).code == 127
    assert "no-such-program" in (tmp_path / "output").read_text()


def test_kill_ends_double_forks_that_ignore_sigterm(tmp_path: Path) -> None:
    """A process in a session of its own that ignores SIGTERM does not outlive kill()."""
    script = "trap '' TERM; (setsid sh -c 'trap \"\" TERM; echo $$ > orphan; while :; do sleep 1; done' &) & sleep 99"
    process = start(tmp_path, script)
    orphan = pid_in(tmp_path / "orphan")
    assert is_alive(orphan)
    process.kill()
    assert not is_alive(orphan)
    process.kill()


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    """wait() returns only when the background processes are gone too."""
    process = start(tmp_path, "setsid sh -c 'echo $$ > orphan; exec sleep 99' & while ! test -s orphan; do :; done")
    assert process.wait(20).code == 0
    assert not is_alive(pid_in(tmp_path / "orphan"))


def test_wait_gives_up_and_the_program_goes_on(tmp_path: Path) -> None:
    """After the timeout the program still runs, until it is killed."""
    process = start(tmp_path, "sleep 99")
    with pytest.raises(TimeoutError):
        process.wait(0.05)
    assert is_alive(process.pid)
    process.kill()
    assert process.wait().code == -9


def test_the_supervisor_ends_with_its_starter(tmp_path: Path) -> None:
    """When the platform dies, the program dies with it."""
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from battleshiper.platform.sandbox.port import Command, ResourceLimits\n"
        "from battleshiper.platform.sandbox.unsafe import Unsafe\n"
        "c = Command(('/bin/sh', '-c', 'echo $$ > orphan; sleep 99; true'), sys.argv[1],\n"
        "            ResourceLimits(2**30, 9, 2**20), {'PATH': os.environ['PATH']})\n"
        "Unsafe().start(c, stdout=2, stderr=2)\n"
        "orphan = Path(sys.argv[1], 'orphan')\n"
        "while not (orphan.exists() and orphan.read_text()): time.sleep(0.01)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=30)
    orphan = pid_in(tmp_path / "orphan")
    for _ in range(250):
        if not is_alive(orphan):
            break
        time.sleep(0.02)
    assert not is_alive(orphan)


def test_large_files_are_refused(tmp_path: Path) -> None:
    """A process cannot write a file above the limit."""
    assert start(tmp_path, "head -c 3000000 /dev/zero > big").wait(20).code != 0
    assert (tmp_path / "big").stat().st_size <= LIMITS.file_bytes


def test_a_bind_that_moves_a_path_is_refused(tmp_path: Path) -> None:
    """What cannot be shown as asked is an error, not a surprise."""
    command = Command(("true",), "/", LIMITS, binds=(Bind(tmp_path, "/elsewhere"),))
    with pytest.raises(SandboxError, match="/elsewhere"):
        Unsafe().start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_node_starts_within_little_memory(tmp_path: Path) -> None:
    """What a JavaScript engine reserves does not count as used."""
    limits = ResourceLimits(memory_bytes=128 * 1024**2, processes=64, file_bytes=1024**2)
    command = Command(("node", "-e", "new (require('worker_threads').Worker)('', { eval: true })"), "/", limits)
    command = replace(command, environment={"PATH": os.environ["PATH"]})
    assert Unsafe().start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(60).code == 0
