"""Putting events on EventBridge."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.aws.chance import CHANCE
from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.eventbridge.envelope import SOURCE, detail_of
from battleshiper.platform.model.event import Event

if TYPE_CHECKING:
    from types_boto3_events.client import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef, PutEventsResultEntryTypeDef

_ENTRIES = 10
_BYTES = 1_000_000
"""Of one call, whose entries must stay below 1 MB in all
(https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html)."""
_LARGEST = 256 * 1024
"""Bytes of one event: it must also fit in a row of the table, of 400 KB, should it become a dead letter."""
_AGAIN = Backoff(attempts=5, first_seconds=0.1, longest_seconds=2)


class PublishError(Exception):
    """EventBridge did not take `count` events; those that it took will come."""

    def __init__(self, count: int, why: str) -> None:
        self.count = count
        super().__init__(f"EventBridge did not take {count} events: {why}")


class EventBridgeBus:
    """Puts events on the bus `name`. Of several events some may come though the rest failed: who publishes them again
    makes those come twice, which each handler allows for."""

    def __init__(self, client: "EventBridgeClient", name: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._name = name
        self._pause = pause

    def publish(self, events: Sequence[Event]) -> None:
        """Put the events on the bus, none if one of them cannot be told (TypeError) or is too large; raises
        PublishError. What EventBridge does not take for now is put again a few times, and nothing else."""
        entries = [self._entry(event) for event in events]
        for batch in _batches(entries):
            self._put(batch)

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        entry: PutEventsRequestEntryTypeDef = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.type.value,
            "Detail": detail_of(event),
        }
        if (size := _size(entry)) > _LARGEST:
            raise PublishError(1, f"{event.type} {event.id} has {size:,} bytes; at most {_LARGEST:,} can be told.")
        return entry

    def _put(self, entries: "list[PutEventsRequestEntryTypeDef]") -> None:
        for failures in count(1):
            try:
                results = self._client.put_events(Entries=entries)["Entries"]
            except (ClientError, BotoCoreError) as error:
                # The client has tried again by itself already.
                raise PublishError(len(entries), str(error)) from error
            failed = [(entry, result) for entry, result in zip(entries, results, strict=True) if "ErrorCode" in result]
            if not failed:
                return
            entries = [entry for entry, _ in failed]
            pause = _AGAIN.pause(failures, CHANCE.random)
            if pause is None:
                raise PublishError(len(entries), _reason(failed[0][1]))
            self._pause(pause)


def _reason(result: "PutEventsResultEntryTypeDef") -> str:
    return f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}"


def _batches(
    entries: "list[PutEventsRequestEntryTypeDef]",
) -> "Iterator[list[PutEventsRequestEntryTypeDef]]":
    batch: list[PutEventsRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == _ENTRIES or size + _size(entry) > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += _size(entry)
    if batch:
        yield batch


def _size(entry: "PutEventsRequestEntryTypeDef") -> int:
    """Return what counts of an entry
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/calculate-putevents-entry-size.html)."""
    return sum(len(text.encode()) for text in (entry["Source"], entry["DetailType"], entry["Detail"]))
