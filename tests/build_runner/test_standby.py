"""A runner that was started ahead of its build."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from battleshiper.platform.builder.runner import Runner

PROGRAM = (sys.executable, "-m", "battleshiper.build_runner", "--standby")
OF_ONE_BUILD = ("BATTLESHIPER_CLAIM", "BATTLESHIPER_WORK_DIR")


@pytest.mark.sandbox
def test_it_builds_like_any_other(stand_in: Any, tmp_path: Path) -> None:
    """What it is told to build is built, into the log that came with the order, and the end is told."""
    stand_in.prepare(stand_in.commit({"index.html": "x"}))
    environment = stand_in.environment(unsafe=False)
    order = {name: environment.pop(name) for name in OF_ONE_BUILD}
    runner = Runner(PROGRAM, {**os.environ, **environment})
    try:
        with (tmp_path / "build.log").open("wb") as log:
            runner.order(order, log)
        status = runner.status(60)
        said = (tmp_path / "build.log").read_text()
        assert status == 0, said
        assert "Done: 1 files uploaded" in said
        assert next(iter(stand_in.uploads.values())) == b"x"
        assert runner.has_ended(60)
    finally:
        runner.close()


def test_it_ends_with_its_builder() -> None:
    """Nobody is left who could give an order: the runner ends by itself, without a word."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        runner = subprocess.Popen(PROGRAM, stdin=theirs.fileno(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ours.close()
    said, _ = runner.communicate(timeout=60)
    assert (runner.returncode, said) == (0, b"")


def test_nothing_that_it_starts_has_the_socket(tmp_path: Path) -> None:
    """A program that inherits all it can finds no way to the builder."""
    script = (
        "import subprocess; from battleshiper.build_runner.standby import Standby; s = Standby(); s.wait()\n"
        "subprocess.run(['ls', '-l', '/proc/self/fd'], close_fds=False, check=True)"
    )
    runner = Runner((sys.executable, "-c", script), os.environ)
    try:
        with (tmp_path / "log").open("wb") as log:
            runner.order({}, log)
        assert runner.status(60) == 0
    finally:
        runner.close()
    said = (tmp_path / "log").read_text()
    assert str(tmp_path / "log") in said
    assert "socket:" not in said
