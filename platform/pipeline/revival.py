"""Revival: tries again to tell GitHub what could not be told, so that no commit's status stays as it was for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.bus.port import DeadLetter, DeadLetters
from battleshiper.platform.model.event import EventType
from battleshiper.platform.store.port import Deployments, MissingError

_NEWS = EventType.DEPLOYMENT_CHANGED
_PAUSE = timedelta(hours=1)
_WORTH_TELLING = timedelta(days=3)
_MOST_LETTERS = 200


class Revival:
    """Gives dead letters that are news another life, every hour while they are news. Telling twice does no harm."""

    def __init__(self, store: Deployments, dead_letters: DeadLetters, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._dead_letters = dead_letters
        self._clock = clock

    def revive(self) -> int:
        """Revive what is due, and return how many events that were. A person may do so at any time."""
        due = [letter for letter in self._dead_letters.dead_letters(_MOST_LETTERS) if self._is_due(letter)]
        return sum(self._dead_letters.revive(letter.event.id) for letter in due)

    def _is_due(self, letter: DeadLetter) -> bool:
        now = self._clock()
        if letter.event.type is not _NEWS or now - letter.died_at < _PAUSE:
            return False
        try:
            deployment = self._store.deployment(letter.event.detail.get("deployment", ""))
        except MissingError:
            return False
        return now - deployment.updated_at < _WORTH_TELLING
