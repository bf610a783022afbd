"""The part of a log that a page shows."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from battleshiper.platform.logs.port import LogLine
from battleshiper.platform.web.parameters import number_of

MOST_LINES = 400
"""A page stays light: the rest is one link away."""
_LONGEST_SEARCH = 200
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are wanted: those from number `start` on, or the newest; with `search` in them; not before `since`,
    a time as logs are stamped."""

    start: int | None = None
    search: str = ""
    since: str = ""

    def takes(self, line: LogLine) -> bool:
        """Tell whether a line is wanted, wherever it stands."""
        return line.at >= self.since and self.search.casefold() in line.text.casefold()


@dataclass(frozen=True, slots=True)
class LogWindow:
    """Some lines of a log."""

    lines: tuple[LogLine, ...]
    found: int
    """How many there are in all, those that do not fit into the window included."""
    earlier: int | None
    """Where a window on the lines before these begins, None where there are none."""
    later: int | None
    """Where the lines after these begin, None where there are none."""
    following: int
    """The number of the line that will come next."""


def read_wanted(query: Mapping[str, str], since: str = "") -> Wanted:
    """Return what is asked for: `from` counts lines from 1, `q` is searched."""
    number = number_of(query.get("from", ""), _LONGEST_NUMBER)
    return Wanted(None if number is None else max(0, number - 1), query.get("q", "").strip()[:_LONGEST_SEARCH], since)


def read_window(lines: Iterable[LogLine], wanted: Wanted) -> LogWindow:
    """Return the window on all lines of a log."""
    kept: deque[LogLine] = deque(maxlen=MOST_LINES if wanted.start is None else None)
    found = following = 0
    later: int | None = None
    for line in lines:
        following = line.number + 1
        if not wanted.takes(line):
            continue
        found += 1
        if wanted.start is None:
            kept.append(line)
        elif line.number >= wanted.start:
            if len(kept) < MOST_LINES:
                kept.append(line)
            else:
                later = line.number if later is None else later
    first = kept[0].number if kept else 0
    earlier = max(0, first - MOST_LINES) if first else None
    return LogWindow(tuple(kept), found, earlier, later, following)


def write_log(lines: Iterable[LogLine], most_bytes: float, rest: str) -> Iterator[str]:
    """Yield a log as text, each line with its time; where it is longer than `most_bytes` it ends with `rest`."""
    written = 0
    for line in lines:
        text = f"{line.at} {line.text}\n"
        written += len(text.encode("utf-8", "surrogatepass"))
        if written > most_bytes:
            yield rest
            return
        yield text
