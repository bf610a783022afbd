"""What has to be done now and then, in the time that one call of a function has."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done again and again, and may be cut off anywhere."""

    name: str
    do: Callable[[], object]
    every: int = 1
    """In how many minutes it is done once."""


class Chores:
    """Done in one round a minute. What one raises is logged, and holds up no other."""

    def __init__(self, chores: Sequence[Chore], clock: Callable[[], datetime]) -> None:
        self._chores = chores
        self._clock = clock

    def do(self) -> list[str]:
        """Do what is due in this minute, and return the names of the chores that failed."""
        minute = int(self._clock().timestamp() // 60)
        return [chore.name for chore in self._chores if minute % chore.every == 0 and not _is_done(chore)]


def _is_done(chore: Chore) -> bool:
    try:
        chore.do()
    except Exception:
        _log.exception("%s failed; it is tried again", chore.name)
        return False
    return True
