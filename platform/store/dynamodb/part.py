"""What the parts of the store share."""

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from threading import Lock

from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.store.dynamodb.order import Order
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import POSITION, shards
from battleshiper.platform.store.dynamodb.values import Row, key_of

_LONGEST_PAGE = 100


class DynamoPart:
    """A part of the store. Every change is a step that reads, decides and writes one transaction; `again` takes it
    anew when somebody else changed meanwhile what it had read."""

    def __init__(self, rows: Rows, relay: Relay, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._relay = relay
        self._clock = clock
        self._again = rows.again
        self._order = Order(clock)
        self._deciding = Lock()

    def _now(self) -> int:
        return to_microseconds(self._clock())

    def _latest(self, kind: str, limit: int) -> list[Row]:
        """Return the rows in the listing of a kind, newest first."""
        page = min(limit, _LONGEST_PAGE)
        keys = (key_of(listed) for listed in self._listed(kind, page=page, newest_first=True))
        return list(islice(self._rows.find_all(keys, batch=page), limit))

    def _listed(self, kind: str, *, page: int = 1000, newest_first: bool = False) -> Iterator[Row]:
        """Yield the listing of a kind by position."""
        found = (self._rows.listed(shard, newest_first=newest_first, page=page) for shard in shards(kind))
        return merge(*found, key=_position, reverse=newest_first)


def _position(row: Row) -> str:
    return str(row[POSITION])
