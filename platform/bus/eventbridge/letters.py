"""Dead letters in the platform's table."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice, takewhile

from battleshiper.platform.bus.port import Bus, DeadLetter
from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.dynamodb.order import Order, position_of
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import LISTING, POSITION, dead_letter_key, shard_of, shards
from battleshiper.platform.store.dynamodb.transaction import IS_NEW
from battleshiper.platform.store.dynamodb.values import Row, key_of, keyed

_LISTING = "LETTERS"
_LONGEST_ERROR = 2000
_LONGEST_PAGE = 100
_MAY_REPLACE = f"{IS_NEW} OR #attempts <= :attempts"
"""Whoever guesses the id of a dead letter must not be able to put a worthless one in its place."""


class DynamoDeadLetters:
    """Keeps what no handler could handle, one letter for each event; see `bus.port`."""

    def __init__(self, rows: Rows, bus: Bus, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._bus = bus
        self._clock = clock
        self._order = Order(clock)

    def bury(self, event: Event, error: str, attempts: int) -> None:
        """Keep an event that is given up."""
        letter = {
            "id": event.id,
            "type": event.type.value,
            "group": event.group,
            "detail": json.dumps(dict(event.detail)),
            "error": error[:_LONGEST_ERROR],
            "attempts": attempts,
            "died_at": to_microseconds(self._clock()),
            LISTING: shard_of(_LISTING, event.id),
            POSITION: self._order.next(),
        }
        self._rows.put(keyed(dead_letter_key(event.id), letter), _MAY_REPLACE, {"attempts": attempts})

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """Return the latest dead letters, newest first."""
        page = min(limit, _LONGEST_PAGE)
        keys = (key_of(listed) for listed in self._listed(page, newest_first=True))
        return [_letter(row) for row in islice(self._rows.find_all(keys, batch=page), limit)]

    def revive(self, event_id: str) -> bool:
        """Give a dead letter all its attempts again; False when there is none of this id."""
        row = self._rows.find(dead_letter_key(event_id))
        if row is None:
            return False
        self._bus.publish([_letter(row).event])
        self._rows.delete_all([key_of(row)])
        return True

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        """Forget old dead letters; return how many."""
        end = position_of(before)
        old = takewhile(lambda listed: listed[POSITION] < end, self._listed(min(limit, _LONGEST_PAGE)))
        keys = [key_of(listed) for listed in islice(old, limit)]
        self._rows.delete_all(keys)
        return len(keys)

    def _listed(self, page: int, *, newest_first: bool = False) -> Iterator[Row]:
        found = (self._rows.listed(shard, newest_first=newest_first, page=page) for shard in shards(_LISTING))
        return merge(*found, key=lambda row: str(row[POSITION]), reverse=newest_first)


def _letter(row: Row) -> DeadLetter:
    event = Event(EventType(row["type"]), json.loads(row["detail"]), row["group"], row["id"])
    return DeadLetter(event, row["error"], row["attempts"], from_microseconds(row["died_at"]))
