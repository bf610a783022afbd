"""Counting the memory of a program and all it started."""

import os
import subprocess
import sys

from battleshiper.build_runner.resident import resident_bytes

_HOLD = "held = bytearray(b'x') * int({}); print('ready', flush=True); input()"


def test_grandchildren_count() -> None:
    """The memory of everything below the process is in the sum; nothing of other processes is."""
    child = _HOLD.format("60e6")
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        used = resident_bytes(process.pid)
        assert 60e6 < used < 150e6
        assert resident_bytes(os.getpid()) > used
        process.communicate(b"\n")


def test_a_process_that_is_gone_uses_nothing() -> None:
    """Ends come at any moment."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert resident_bytes(process.pid) == 0
