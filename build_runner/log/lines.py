"""Bytes from a program become lines that are safe to show."""

import re
import unicodedata

from battleshiper.build_runner.log.mask import Mask

MAX_LINE_BYTES = 8 * 1024
_CUT = " … (line cut)"
_HELD_BYTES = 64 * 1024
"""How much of one line is kept to be read; the rest of an endless line is dropped."""

# ECMA-48: control sequences (5.4), control strings such as window titles (5.6), and two-character escapes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|\x9b[0-?]*[ -/]*[@-~]"
)


class Lines:
    """Cuts a stream into lines. Each is masked, free of escapes and control characters, and at most 8 KB long."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._held = bytearray()
        self._overflowed = False

    def feed(self, data: bytes) -> list[str]:
        """Take the next bytes and return the lines that they complete."""
        *complete, rest = data.split(b"\n")
        lines = []
        for part in complete:
            self._hold(part)
            lines.append(self._release())
        self._hold(rest)
        return lines

    def finish(self) -> list[str]:
        """Return the last line, if the stream ended without a line feed."""
        return [self._release()] if self._held else []

    def _hold(self, part: bytes) -> None:
        room = _HELD_BYTES - len(self._held)
        self._overflowed = self._overflowed or len(part) > room
        self._held += part[:room]

    def _release(self) -> str:
        line = self._mask.apply(clean(bytes(self._held)))
        if self._overflowed:
            # Half a secret may lie at the end of what was held, where no mask can find it.
            line = line[: max(0, len(line) - self._mask.longest)]
        line = cut(line, overflowed=self._overflowed)
        self._held.clear()
        self._overflowed = False
        return line


def clean(data: bytes) -> str:
    """Return one line as text: colours dropped, overwritten progress gone, anything unprintable as an escape."""
    text = _ESCAPES.sub("", data.decode("utf-8", "backslashreplace"))
    # A carriage return overwrites the line, as a terminal shows it.
    text = next((part for part in reversed(text.split("\r")) if part), "")
    return text if text.isprintable() else "".join(map(_visible, text))


def cut(line: str, *, overflowed: bool = False) -> str:
    """Return `line`, shortened to 8 KB of UTF-8 and marked as cut when it is longer."""
    data = line.encode()
    if len(data) <= MAX_LINE_BYTES:
        return line + _CUT if overflowed else line
    return data[:MAX_LINE_BYTES].decode("utf-8", "ignore") + _CUT


def _visible(character: str) -> str:
    # Line and paragraph separators would break the line in two, direction marks would reorder it.
    if character == "\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    if character == "\u200d":  # joins emoji
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
