"""The end of a build's log, as it may be shown on GitHub: short, masked, and unable to be anything but text."""

import re
from collections import deque
from collections.abc import Iterable

from battleshiper.bot.masking import mask

MOST_LINES = 30
_WIDEST = 240
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BACKTICKS = re.compile(r"`+")


def excerpt(lines: Iterable[str]) -> list[str]:
    """Return the last lines that say something, each cut to a width that can be read."""
    kept: deque[str] = deque(maxlen=MOST_LINES)
    for line in lines:
        # What a progress bar has written over is not what people saw.
        text = _CONTROL.sub("", _ANSI.sub("", line).rstrip("\r\n").rpartition("\r")[2]).rstrip()
        if text.strip() and (not kept or kept[-1] != text):
            kept.append(text)
    return [_cut(mask(line)) for line in kept]


def fence(lines: Iterable[str]) -> str:
    """Return lines as a block of code, which nothing in them can end
    (https://github.github.com/gfm/#fenced-code-blocks)."""
    text = "\n".join(lines)
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{text}\n{ticks}"


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"
