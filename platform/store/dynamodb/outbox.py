"""The outbox: events that were written with a change and are not on the bus yet.

A transaction writes its events as one row. The process that wrote them puts them on the bus and deletes the row; what
it leaves behind when it dies, or when the bus takes nothing, the sweeper publishes. So an event comes at least once.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from battleshiper.platform.bus.port import Bus
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.dynamodb.order import Order, position_of
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import SORT, shard_of, shards
from battleshiper.platform.store.dynamodb.transaction import Transaction
from battleshiper.platform.store.dynamodb.values import Row, key_of, keyed

_log = logging.getLogger(__name__)


class Relay:
    """Takes events from transactions to the bus."""

    def __init__(self, rows: Rows, bus: Bus, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._bus = bus
        self._clock = clock
        self._order = Order(clock)

    def commit(self, transaction: Transaction, events: Sequence[Event] = ()) -> None:
        """Write a transaction with its events, and publish them. Raises what the transaction raises and nothing else:
        events that cannot be published now will be later."""
        if not events:
            self._rows.commit(transaction)
            return
        position = self._order.next()
        row = keyed((shard_of("OUTBOX", events[0].id), f"{position}#{events[0].id}"), {"events": _to_json(events)})
        transaction.put(row)
        self._rows.commit(transaction)
        try:
            self._publish(row)
        except Exception:  # whatever it is, the change is made and its events are kept
            _log.warning("%d events wait in the outbox, because the bus took none now", len(events), exc_info=True)

    def publish_left(self, older_than: timedelta) -> int:
        """Publish what was left behind for longer than `older_than`, oldest first, and return how many events that
        were. Raises the last failure when all was tried. May be cut off anywhere."""
        before = position_of(self._clock() - older_than)
        count = 0
        failure: Exception | None = None
        for shard in shards("OUTBOX"):
            for row in self._rows.below(shard):
                if row[SORT] >= before:
                    break
                try:
                    count += self._publish(row)
                except Exception as error:  # one row must not hold up the others
                    _log.warning("events in the outbox could not be published", exc_info=True)
                    failure = error
        if failure is not None:
            raise failure
        return count

    def _publish(self, row: Row) -> int:
        events = _from_json(row["events"])
        self._bus.publish(events)
        self._rows.delete_all([key_of(row)])
        return len(events)


def _to_json(events: Sequence[Event]) -> str:
    return json.dumps([[event.id, event.type.value, event.group, dict(event.detail)] for event in events])


def _from_json(text: str) -> list[Event]:
    return [Event(EventType(kind), detail, group, event_id) for event_id, kind, group, detail in json.loads(text)]
