"""What has to be done now and then, in the time that one call of a function has."""

from collections.abc import Callable, Sequence
from datetime import datetime

from battleshiper.infra.chore import Chore


class Chores:
    """Done in one round a minute. What one raises is logged, and holds up no other."""

    def __init__(self, chores: Sequence[Chore], clock: Callable[[], datetime]) -> None:
        self._chores = chores
        self._clock = clock

    def do(self) -> list[str]:
        """Do what is due in this minute, and return the names of the chores that failed."""
        minute = int(self._clock().timestamp() // 60)
        return [chore.name for chore in self._chores if minute % chore.every == 0 and not chore.attempt()]
