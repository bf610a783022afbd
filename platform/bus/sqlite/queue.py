"""The queue: the tables `events` and `dead_letters`, and nothing but SQL. Times are microseconds since 1970.

The oldest event of a group has a time when it is due; those behind it have none until it is done.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.model.event import Event, EventType


@dataclass(frozen=True, slots=True)
class Queued:
    """An event in the queue. Another one may have its sequence later, but none has it and its id."""

    sequence: int
    event: Event
    attempts: int
    """How often it was tried and failed."""
    due: int


_PUT = """INSERT INTO events (id, type, detail, group_name, due)
    VALUES (?1, ?2, ?3, ?4, iif(EXISTS (SELECT 1 FROM events WHERE group_name = ?4 AND group_name <> ''), NULL, ?5))
    ON CONFLICT (id) DO NOTHING"""
_NEXT = """SELECT sequence, id, type, detail, group_name, attempts, due FROM events
    WHERE type = ? AND due IS NOT NULL ORDER BY due, sequence LIMIT ?"""
_POSTPONE = "UPDATE events SET attempts = ?, due = ? WHERE sequence = ? AND id = ?"
_PROMOTE = """UPDATE events SET due = ?2 WHERE sequence =
    (SELECT min(sequence) FROM events WHERE group_name = ?1 AND group_name <> '') AND due IS NULL"""
_BURY = """INSERT INTO dead_letters (id, type, detail, group_name, attempts, error, died_at)
    SELECT id, type, detail, group_name, ?2, ?3, ?4 FROM events WHERE sequence = ?1 AND id = ?5
    ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, error = excluded.error, died_at = excluded.died_at"""
_DEAD = """SELECT id, type, detail, group_name, attempts, error, died_at FROM dead_letters
    ORDER BY sequence DESC LIMIT ?"""

_FORGET_DEAD = """DELETE FROM dead_letters WHERE sequence IN
    (SELECT sequence FROM dead_letters WHERE died_at < ? ORDER BY sequence LIMIT ?)"""


def put(connection: sqlite3.Connection, events: Sequence[Event], now: int) -> None:
    """Add events; one that is queued already is not added again."""
    for event in events:
        detail = json.dumps(dict(event.detail))
        connection.execute(_PUT, (event.id, event.type.value, detail, event.group, now))


def upcoming(connection: sqlite3.Connection, event_type: EventType, limit: int) -> list[Queued]:
    """Return the events of a type that are due or will be by themselves, soonest first."""
    return [
        Queued(sequence, _event(event_id, event_type, detail, group), attempts, due)
        for sequence, event_id, event_type, detail, group, attempts, due in connection.execute(
            _NEXT, (event_type.value, limit)
        )
    ]


def finish(connection: sqlite3.Connection, queued: Queued, now: int) -> None:
    """Forget an event and let the next one of its group come."""
    connection.execute("DELETE FROM events WHERE sequence = ? AND id = ?", (queued.sequence, queued.event.id))
    if queued.event.group:
        connection.execute(_PROMOTE, (queued.event.group, now))


def postpone(connection: sqlite3.Connection, queued: Queued, attempts: int, due: int) -> None:
    """Let an event come again at `due`. Its group waits for it."""
    connection.execute(_POSTPONE, (attempts, due, queued.sequence, queued.event.id))


def bury(connection: sqlite3.Connection, queued: Queued, attempts: int, error: str, now: int) -> None:
    """Move an event to the dead letters and let the next one of its group come."""
    connection.execute(_BURY, (queued.sequence, attempts, error, now, queued.event.id))
    finish(connection, queued, now)


def count(connection: sqlite3.Connection) -> int:
    """Return how many events are not handled yet."""
    (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(events)


def dead_letters(connection: sqlite3.Connection, limit: int) -> list[DeadLetter]:
    """Return the latest dead letters, newest first."""
    return [
        DeadLetter(_event(event_id, event_type, detail, group), error, attempts, from_microseconds(died_at))
        for event_id, event_type, detail, group, attempts, error, died_at in connection.execute(_DEAD, (limit,))
    ]


def revive(connection: sqlite3.Connection, event_id: str, now: int) -> bool:
    """Put a dead letter back at the end of the queue; False when there is none of this id."""
    row = connection.execute(
        "DELETE FROM dead_letters WHERE id = ? RETURNING id, type, detail, group_name", (event_id,)
    ).fetchone()
    if row is None:
        return False
    put(connection, [_event(*row)], now)
    return True


def forget_dead_letters(connection: sqlite3.Connection, before: int, limit: int) -> int:
    """Forget up to `limit` events that died before a time, oldest first; return how many there were."""
    return connection.execute(_FORGET_DEAD, (before, limit)).rowcount


def _event(event_id: str, event_type: str, detail: str, group: str) -> Event:
    return Event(EventType(event_type), json.loads(detail), group, event_id)
