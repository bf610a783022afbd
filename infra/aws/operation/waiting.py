"""Waiting for what AWS, or somebody at another desk, has to do first."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Tell = Callable[[str], None]
"""Takes a line for the operator."""
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Hint:
    """What an operator may look at, once something takes this long."""

    after_seconds: float
    text: str


class Waiting:
    """Looks again and again. Nothing is lost when it is interrupted: it only looks."""

    def __init__(
        self,
        tell: Tell,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._sleep = sleep

    def until(
        self,
        look: Callable[[], T | None],
        what: str,
        *,
        every: float = 15.0,
        most: float,
        hints: Sequence[Hint] = (),
    ) -> T | None:
        """Return what `look` returns as soon as it is not None; None once it took `most` seconds. Tells what it waits
        for each minute, and each hint when its time has come; nothing where there is no wait."""
        start, told, coming = self._clock(), -_MINUTE, sorted(hints, key=lambda hint: hint.after_seconds)
        while (found := look()) is None:
            waited = self._clock() - start
            if waited >= most:
                return None
            if waited - told >= _MINUTE:
                self._tell(f"Waiting for {what}" + (f", for {duration(waited)} now" if waited >= _MINUTE else ""))
                told = waited
            while coming and waited >= coming[0].after_seconds:
                self._tell(f"  {coming.pop(0).text}")
            self._sleep(min(every, most - waited))
        return found


def duration(seconds: float) -> str:
    """Return a time in whole minutes, or in seconds where it is shorter."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{int(seconds // _MINUTE)} min"
