"""Redelivery: asks GitHub to send again what never reached us. GitHub tries a delivery once, and keeps it for days."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from battleshiper.bot.access import AsApp
from battleshiper.bot.answers import DeliveryAnswer, read_answer
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubRefusedError

_log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=3)
"""GitHub redelivers what is at most three days old
(https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks)."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=4)
_MAX_PAGES = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver. All attempts at one delivery have its `guid`, the X-GitHub-Delivery that we record."""

    id: int
    guid: str
    delivered_at: datetime
    is_ok: bool


def to_redeliver(attempts: Iterable[Attempt], now: datetime) -> list[int]:
    """Return the ids of the attempts to repeat, oldest first: the latest one of each delivery that never arrived.

    Not again before a pause, which doubles with every attempt from a minute to four hours, and not after three days.
    """
    deliveries: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        deliveries.setdefault(attempt.guid, []).append(attempt)
    latest = [
        (max(tries, key=lambda attempt: (attempt.delivered_at, attempt.id)), len(tries))
        for tries in deliveries.values()
        if not any(attempt.is_ok for attempt in tries)
    ]
    due = [attempt for attempt, count in latest if _pause(count) <= now - attempt.delivered_at < KEPT_FOR]
    return [attempt.id for attempt in sorted(due, key=lambda attempt: (attempt.delivered_at, attempt.id))]


def _pause(attempts: int) -> timedelta:
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, 16)), _LONGEST_PAUSE)


class Redelivery:
    """Looks through the App's deliveries now and then."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._clock = clock

    def redeliver(self) -> int:
        """Ask for each delivery that is due, and return for how many. Safe to run again at any time; raises
        GitHubError when GitHub does not answer."""
        count = 0
        for attempt_id in to_redeliver(self._attempts(), self._clock()):
            try:
                self._connection.ask(AsApp(), "POST", f"/app/hook/deliveries/{attempt_id}/attempts")
                count += 1
            except GitHubRefusedError as error:
                _log.warning("GitHub does not redeliver %s: %s", attempt_id, error)
        return count

    def _attempts(self) -> list[Attempt]:
        oldest = self._clock() - KEPT_FOR
        attempts: list[Attempt] = []
        pages = self._connection.pages(AsApp(), "/app/hook/deliveries", _MAX_PAGES)
        for page in pages:
            found = [
                Attempt(answer.id, answer.guid, answer.delivered_at, 200 <= answer.status_code < 300)
                for answer in read_answer(list[DeliveryAnswer], page)
            ]
            attempts += found
            if any(attempt.delivered_at < oldest for attempt in found):
                break  # newest first: what follows is older still
        return attempts
