"""Lines of a log as they stand in a file: `<RFC 3339 UTC time with ms> <text>`."""

import re
from datetime import UTC, datetime

from battleshiper.platform.logs.port import LogLine

FULL = "The log is full; what follows is not kept."
"""The last line of a log that takes no more."""

# Control characters but the tab, line ends that terminals and browsers know, and what turns the direction of text:
# nothing that a build prints may change how the lines around it look.
_UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_STAMPED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)", re.DOTALL)


def format_time(moment: datetime) -> str:
    """Return the moment as RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def format_lines(text: str, at: str) -> bytes:
    """Return the lines of `text`, stamped and safe."""
    lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n")
    return b"".join(f"{at} {_safe(line)}\n".encode("utf-8", "backslashreplace") for line in lines)


def parse_line(raw: bytes, at: str) -> LogLine:
    """Return the line; `at` stands for the time where it has none of its own. It is made safe again, because not
    every program that writes a log is ours."""
    text = raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "backslashreplace")
    stamped = _STAMPED.fullmatch(text)
    if stamped:
        return LogLine(stamped[1], _safe(stamped[2]))
    return LogLine(at, _safe(text))


def _safe(text: str) -> str:
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
