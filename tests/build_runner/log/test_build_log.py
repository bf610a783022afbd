"""The build log as it appears on standard output."""

import io
import os
import threading
from datetime import UTC, datetime

from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.log.mask import MASK, Mask

AT = datetime(2026, 3, 1, 12, 0, 0, 5000, tzinfo=UTC)


def copied(log: BuildLog, data: bytes) -> None:
    reading, writing = os.pipe()
    thread = threading.Thread(target=log.copy, args=(reading,))
    thread.start()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(data)
    thread.join()


def test_every_line_has_its_time() -> None:
    """Time in UTC with milliseconds, a space, the text."""
    output = io.BytesIO()
    BuildLog(output, now=lambda: AT).phase("Fetching")
    assert output.getvalue().decode() == "2026-03-01T12:00:00.005Z » Fetching\n"


def test_the_output_of_programs_is_bounded() -> None:
    """After the limit one line says so, and the runner's own lines still appear."""
    output = io.BytesIO()
    log = BuildLog(output, now=lambda: AT)
    log.configure(mask=Mask([]), limit=100)
    copied(log, b"0123456789\n" * 1000)
    log.say("the end")
    lines = output.getvalue().decode().splitlines()
    assert len(lines) == 12
    assert "over 100 bytes" in lines[-2]
    assert lines[-1].endswith(" the end")


def test_the_runners_own_lines_are_masked_too() -> None:
    """An error message that quotes a token does not leak it."""
    output = io.BytesIO()
    log = BuildLog(output, now=lambda: AT)
    log.configure(mask=Mask(["tokentoken"]), limit=100)
    log.say("refused tokentoken\nagain tokentoken")
    assert output.getvalue().decode().count(MASK) == 2


def test_a_full_heap_is_noticed_beyond_the_limit() -> None:
    """Node's last words count even when they are no longer kept."""
    log = BuildLog(io.BytesIO(), now=lambda: AT)
    log.configure(mask=Mask([]), limit=10)
    copied(log, b"x" * 50 + b"\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n")
    assert log.heap_exhausted
