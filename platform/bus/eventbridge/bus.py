"""Putting events on EventBridge."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.bus.eventbridge.envelope import SOURCE, detail_of
from battleshiper.platform.model.event import Event

if TYPE_CHECKING:
    from types_boto3_events.client import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_ENTRIES = 10
_BYTES = 256 * 1024
"""In one call (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html)."""
_TRIES = 4
_FIRST_PAUSE = 0.1


class PublishError(Exception):
    """EventBridge did not take some events; those that it took will come."""

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
        """Put the events on the bus; raises PublishError."""
        entries: list[PutEventsRequestEntryTypeDef] = [
            {
                "EventBusName": self._name,
                "Source": SOURCE,
                "DetailType": event.type.value,
                "Detail": detail_of(event),
            }
            for event in events
        ]
        for batch in _batches(entries):
            self._put(batch)

    def _put(self, entries: "list[PutEventsRequestEntryTypeDef]") -> None:
        why = ""
        for attempt in range(_TRIES):
            if attempt:
                self._pause(_FIRST_PAUSE * 2.0**attempt)
            try:
                results = self._client.put_events(Entries=entries)["Entries"]
            except (ClientError, BotoCoreError) as error:
                # The client has tried again by itself already.
                raise PublishError(len(entries), str(error)) from error
            failed = [(entry, result) for entry, result in zip(entries, results, strict=True) if "ErrorCode" in result]
            if not failed:
                return
            entries = [entry for entry, _ in failed]
            why = f"{failed[0][1]['ErrorCode']}: {failed[0][1].get('ErrorMessage', '')}"
        raise PublishError(len(entries), why)


def _batches(
    entries: "list[PutEventsRequestEntryTypeDef]",
) -> "Iterator[list[PutEventsRequestEntryTypeDef]]":
    batch: list[PutEventsRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        weight = sum(len(entry[name].encode()) for name in ("Source", "DetailType", "Detail"))
        if batch and (len(batch) == _ENTRIES or size + weight > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += weight
    if batch:
        yield batch
