"""What a function prints: complete lines go to its log, the last of them are remembered."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress

_LONGEST_LINE = 16 * 1024
_REMEMBERED_LINES = 24
_REMEMBERED_CHARACTERS = 2000


class Output:
    """Cuts what comes in pieces into lines. `log` takes one or more complete lines."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._rest = b""
        self._last: deque[str] = deque(maxlen=_REMEMBERED_LINES)

    def add(self, chunk: bytes) -> None:
        """Take what was printed next. A line that does not end is cut."""
        lines, newline, rest = (self._rest + chunk).rpartition(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines, newline, rest = lines + newline + rest, b"\n", b""
        self._rest = rest
        if newline:
            self._keep(lines)

    def finish(self) -> None:
        """Nothing follows: the last line is complete."""
        rest, self._rest = self._rest, b""
        if rest:
            self._keep(rest)

    def say(self, text: str) -> None:
        """Put a line of our own between."""
        self.finish()
        self._tell(text)

    def after(self, sentence: str) -> str:
        """Return the sentence, followed by the last lines."""
        words = "\n".join(self._last)[-_REMEMBERED_CHARACTERS:].strip()
        return f"{sentence} Its last words:\n{words}" if words else sentence

    def _keep(self, lines: bytes) -> None:
        text = lines.decode("utf-8", "backslashreplace")
        self._last.extend(text.split("\n")[-_REMEMBERED_LINES:])
        self._tell(text)

    def _tell(self, text: str) -> None:
        # A full disk is no reason to take a site down.
        with suppress(OSError):
            self._log(text)
