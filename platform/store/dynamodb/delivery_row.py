"""Deliveries as rows."""

import json
import zlib
from collections.abc import Sequence

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.store.dynamodb.table import LISTING, POSITION, delivery_key, shard_of
from battleshiper.platform.store.dynamodb.values import Row, Value, keyed

_LONGEST_TEXT = 50_000
"""Characters of decisions that are kept as they are; an item holds 400 KB, and one delivery may tell of thousands of
repositories."""


def to_row(delivery: Delivery, position: str) -> dict[str, Value | None]:
    """Return a delivery's row."""
    values: dict[str, Value | None] = {
        LISTING: shard_of("DELIVERIES", delivery.id),
        POSITION: position,
        "id": delivery.id,
        "event": delivery.event,
        "repository": delivery.repository,
        "received_at": to_microseconds(delivery.received_at),
        "decisions": _pack(delivery.decisions),
    }
    return keyed(delivery_key(delivery.id), values)


def to_delivery(row: Row) -> Delivery:
    """Return the delivery in a row."""
    received_at = from_microseconds(row["received_at"])
    return Delivery(row["id"], row["event"], row.get("repository"), received_at, _unpack(row["decisions"]))


def _pack(decisions: Sequence[Decision]) -> str | bytes:
    text = json.dumps([[each.verdict.value, each.reason, each.project_id, each.deployment_id] for each in decisions])
    return text if len(text) <= _LONGEST_TEXT else zlib.compress(text.encode())


def _unpack(decisions: str | bytes) -> tuple[Decision, ...]:
    text = decisions if isinstance(decisions, str) else zlib.decompress(decisions)
    return tuple(Decision(Verdict(verdict), *rest) for verdict, *rest in json.loads(text))
