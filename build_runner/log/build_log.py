"""The build log on the runner's standard output."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

from battleshiper.build_runner.log.lines import Lines, clean, cut
from battleshiper.build_runner.log.mask import Mask

_HEAP_EXHAUSTED = "JavaScript heap out of memory"
_READ_BYTES = 64 * 1024


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


class BuildLog:
    """Writes `<RFC 3339 UTC time with ms> <text>` lines, each at once. Safe to use from several threads.

    What programs print is bounded to `limit` bytes together; a last line says when that is reached. The runner's own
    lines are few and always written.
    """

    def __init__(self, output: BinaryIO, *, limit: int = 4 * 1024**2, now: Callable[[], datetime] = utc_now) -> None:
        self._output = output
        self._now = now
        self._room = limit
        self._limit = limit
        self._mask = Mask(())
        self._lock = threading.Lock()
        self.heap_exhausted = False
        """Whether a program said that its JavaScript heap is full."""

    def configure(self, *, mask: Mask, limit: int) -> None:
        """Mask and bound from here on as the instructions say."""
        self._mask = mask
        self._limit = self._room = limit

    def say(self, text: str) -> None:
        """Write a line of the runner's own."""
        for line in text.splitlines() or [""]:
            self._write(cut(self._mask.apply(clean(line.encode("utf-8", "backslashreplace")))))

    def phase(self, text: str) -> None:
        """Announce the next phase."""
        self.say(f"» {text}")

    def copy(self, descriptor: int) -> None:
        """Copy what comes through a pipe until its other end is closed, then close this one."""
        lines = Lines(self._mask)
        with os.fdopen(descriptor, "rb", buffering=0) as pipe:
            while data := pipe.read(_READ_BYTES):
                for line in lines.feed(data):
                    self._copy_line(line)
        for line in lines.finish():
            self._copy_line(line)

    def _copy_line(self, line: str) -> None:
        if _HEAP_EXHAUSTED in line:
            self.heap_exhausted = True
        if self._room <= 0:
            return
        self._room -= len(line.encode()) + 1
        self._write(line)
        if self._room <= 0:
            self.say(f"… The output went over {self._limit:,} bytes; what follows is not kept. The build goes on.")

    def _write(self, line: str) -> None:
        stamp = self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._lock:
            self._output.write(f"{stamp} {line}\n".encode("utf-8", "backslashreplace"))
            self._output.flush()
