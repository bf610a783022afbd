"""Webhook deliveries: what is to be sent, what was sent, and what came back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import Row
from uuid import uuid4

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database

PAYLOAD_BYTES = 25 * 1024**2
"""https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap"""

KEPT = timedelta(days=3)
"""https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `status_code` is 0 when no answer came; `duration` is in seconds."""

    status: str
    status_code: int
    duration: float
    request_headers: Mapping[str, str]
    response_headers: Mapping[str, str]
    response_payload: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver one event. A redelivery is a new one with the old `guid`."""

    id: int
    guid: str
    event: str
    action: str | None
    repository_id: int | None
    payload: str
    redelivery: bool
    created_at: str
    delivered_at: str | None
    outcome: Outcome


class Deliveries:
    """The outbox and the record of what left it. Written in the transaction of what it tells of."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.on_added: Callable[[], None] = lambda: None
        """Called, in any thread, when there is something to send."""

    def add(self, event: str, payload: Mapping[str, object], repository_id: int | None = None) -> None:
        """Put an event into the outbox, unless its payload is too large to be sent at all."""
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > PAYLOAD_BYTES:
            return
        action = payload.get("action")
        self._insert(str(uuid4()), event, str(action) if action else None, repository_id, text, redelivery=False)

    def repeat(self, delivery: Delivery) -> None:
        """Put a delivery into the outbox again, under its own guid."""
        self._insert(
            delivery.guid, delivery.event, delivery.action, delivery.repository_id, delivery.payload, redelivery=True
        )

    def pending(self) -> list[Delivery]:
        """Return what was not tried yet, oldest first."""
        return [
            _read(row) for row in self._database.rows("SELECT * FROM deliveries WHERE delivered_at IS NULL ORDER BY id")
        ]

    def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """Record what came of an attempt."""
        self._database.write(
            "UPDATE deliveries SET delivered_at = ?, duration = ?, status = ?, status_code = ?, request_headers = ?,"
            " response_headers = ?, response_payload = ? WHERE id = ?",
            [
                write_moment(self._clock()),
                outcome.duration,
                outcome.status,
                outcome.status_code,
                json.dumps(dict(outcome.request_headers)),
                json.dumps(dict(outcome.response_headers)),
                outcome.response_payload,
                delivery.id,
            ],
        )

    def forget(self) -> None:
        """Remove what is too old to be delivered again."""
        oldest = write_moment(self._clock() - KEPT)
        self._database.write("DELETE FROM deliveries WHERE delivered_at < ?", [oldest])

    def clear(self) -> None:
        """Remove everything, sent or not."""
        self._database.write("DELETE FROM deliveries")

    def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery, tried or not."""
        row = self._database.row("SELECT * FROM deliveries WHERE id = ?", [delivery_id])
        return _read(row) if row else None

    def tried(self, *, before: int, limit: int, state: str = "") -> list[Delivery]:
        """Return at most `limit` attempts with an id below `before`, newest first; `state` narrows them to those
        that ended in `success` or in `failure`."""
        rows = self._database.rows(
            "SELECT * FROM deliveries WHERE delivered_at IS NOT NULL AND id < ? AND"
            " CASE ? WHEN 'success' THEN status_code BETWEEN 200 AND 399"
            "        WHEN 'failure' THEN status_code NOT BETWEEN 200 AND 399 ELSE 1 END"
            " ORDER BY id DESC LIMIT ?",
            [before, state, limit],
        )
        return [_read(row) for row in rows]

    def _insert(
        self, guid: str, event: str, action: str | None, repository_id: int | None, payload: str, *, redelivery: bool
    ) -> None:
        self._database.write(
            "INSERT INTO deliveries (guid, event, action, repository_id, payload, redelivery, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [guid, event, action, repository_id, payload, redelivery, write_moment(self._clock())],
        )
        self.on_added()


def _read(row: Row) -> Delivery:
    outcome = Outcome(
        row["status"],
        row["status_code"],
        row["duration"],
        json.loads(row["request_headers"]),
        json.loads(row["response_headers"]),
        row["response_payload"],
    )
    return Delivery(
        row["id"],
        row["guid"],
        row["event"],
        row["action"],
        row["repository_id"],
        row["payload"],
        bool(row["redelivery"]),
        row["created_at"],
        row["delivered_at"],
        outcome,
    )
