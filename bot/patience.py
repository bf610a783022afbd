"""When to speak to GitHub, and when to come again: one patience for all that we tell it."""

from collections.abc import Callable
from datetime import datetime

from battleshiper.bot.github import GitHubUnavailableError
from battleshiper.bot.pace import Pace
from battleshiper.bot.pause import Pause
from battleshiper.platform.bus.port import RetryLaterError

_SHORTEST_WAIT = 5.0
_LONGEST_WAIT = 300.0
_LONGEST_PAUSE = 30.0
_LOOK_AGAIN = 5.0
"""For news that can wait: what it tells of may have come to its end by then."""
"""For everybody else, where GitHub names no time itself."""
_EVERYBODY = 0
"""The pause's key for GitHub as a whole; installations have their ids, which are greater."""


class Patience:
    """Keeps us from asking again too soon, for an installation and for GitHub as a whole."""

    def __init__(self, clock: Callable[[], datetime], pace: Pace) -> None:
        """`clock` gives the time in UTC."""
        self._clock = clock
        self._pace = pace
        self._pause = Pause(clock)

    def wait_for_turn(self, installation_id: int, *, can_wait: bool = False) -> None:
        """Raise RetryLaterError while it is not the time to ask, or while there is little room for more important
        news than what `can_wait`."""
        seconds = self._pace.seconds_left(installation_id, can_wait=can_wait)
        if seconds:
            wait = min(seconds, _LOOK_AGAIN) if can_wait else seconds
            raise RetryLaterError(wait, "GitHub takes no more news in this minute")
        for key in (installation_id, _EVERYBODY):
            seconds = self._pause.seconds_left(key)
            if seconds > 0:
                raise RetryLaterError(seconds, "GitHub was out of reach a moment ago")

    def was_heard(self, installation_id: int) -> None:
        """Let everybody ask: GitHub has answered."""
        self._pause.end(installation_id)
        self._pause.end(_EVERYBODY)

    def later(self, installation_id: int, since: datetime, error: GitHubUnavailableError) -> RetryLaterError:
        """Begin a pause, and return what tells when to come again with news that are as old as `since`."""
        if error.retry_after is not None:
            wait = pause = error.retry_after
        else:
            # Half as long again as the news is old: pauses that grow, and that a restart does not forget.
            age = (self._clock() - since).total_seconds()
            wait = min(max(age / 2, _SHORTEST_WAIT), _LONGEST_WAIT)
            pause = min(wait, _LONGEST_PAUSE)
        self._pause.begin(installation_id if error.status in (403, 429) else _EVERYBODY, pause)
        return RetryLaterError(wait, str(error))
