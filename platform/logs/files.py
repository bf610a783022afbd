"""Logs in files, which other programs may write to as well."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from battleshiper.platform.logs.identifier import check_identifier
from battleshiper.platform.logs.line import FULL, format_lines, format_time, parse_line
from battleshiper.platform.logs.port import LogKind, LogLine

_MAX_LINE_BYTES = 64 * 1024
"""Longer lines are read as several."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines, and the offset in bytes to go on from."""

    lines: list[LogLine]
    offset: int


class FileLogs:
    """One file for each log: `<root>/<deployment>/<kind>.log`. A line that is still being written is not read.

    `append` keeps each file within `max_bytes`; who writes to `path` directly keeps a bound of his own.
    """

    def __init__(self, root: Path, clock: Callable[[], datetime], *, max_bytes: int = 8 * 1024**2) -> None:
        self._root = root
        self._clock = clock
        self._max_bytes = max_bytes
        self._lock = Lock()

    def path(self, deployment_id: str, kind: LogKind) -> Path:
        """Return the file of a log and make its folder, for a program that writes stamped lines there itself.
        Raises ValueError for what is no id."""
        path = self._place(deployment_id, kind)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def append(self, deployment_id: str, kind: LogKind, text: str) -> None:
        """Add the lines of a text, stamped now, until the log is full."""
        at = format_time(self._clock())
        lines = format_lines(text, at)
        last = format_lines(FULL, at)
        with self._lock, self.path(deployment_id, kind).open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(last)))
            tail = file.read()
            if tail.endswith(last[len(at) :]):
                return
            if size and not tail.endswith(b"\n"):
                file.write(b"\n")  # another program died in the middle of a line
                size += 1
            file.write(lines if size + len(lines) + len(last) <= self._max_bytes else last)

    def read(self, deployment_id: str, kind: LogKind, start: int = 0) -> Iterator[LogLine]:
        """Yield the lines from number `start` to the present end."""
        with self._open(deployment_id, kind) as file:
            for number, (line, _) in enumerate(_lines(file, 0)):
                if number >= start:
                    yield replace(line, number=number)

    def page(self, deployment_id: str, kind: LogKind, offset: int = 0, limit: int = 1000) -> LogPage:
        """Return up to `limit` lines from an offset that an earlier page ended with: what following a log costs
        depends on what is new in it only."""
        lines: list[LogLine] = []
        with self._open(deployment_id, kind) as file:
            for line, end in _lines(file, offset):
                lines.append(line)
                offset = end
                if len(lines) >= limit:
                    break
        return LogPage(lines, offset)

    def delete(self, deployment_id: str) -> None:
        """Remove the logs of a deployment."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._place(deployment_id, LogKind.BUILD).parent)

    def _place(self, deployment_id: str, kind: LogKind) -> Path:
        check_identifier(deployment_id)
        return self._root / deployment_id / f"{kind.value}.log"

    def _open(self, deployment_id: str, kind: LogKind) -> BinaryIO:
        try:
            return self._place(deployment_id, kind).open("rb")
        except (FileNotFoundError, ValueError):
            return BytesIO()


def _lines(file: BinaryIO, offset: int) -> Iterator[tuple[LogLine, int]]:
    """Yield the complete lines up to the present end, each with the offset of its own end. A line without a time
    has that of the line before."""
    end = file.seek(0, os.SEEK_END)
    if offset >= end:
        return
    file.seek(offset)
    at = format_time(datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC))
    while offset < end:
        raw = file.readline(min(_MAX_LINE_BYTES, end - offset))
        if not raw.endswith(b"\n") and len(raw) < _MAX_LINE_BYTES:
            return
        offset += len(raw)
        line = parse_line(raw, at)
        at = line.at
        yield line, offset
