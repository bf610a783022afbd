"""Events as they travel: what is put on EventBridge, and what comes out of a queue.

A message is EventBridge's own envelope
(https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html).
Where it was sent again it has one mark of ours at its top, `attempts`: how often its handling has failed. Nobody who
puts events on the bus can write there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from battleshiper.platform.model.event import Event, EventType

SOURCE = "battleshiper"
BATCH = "aws.batch"


class UnreadableError(Exception):
    """A message is none of ours."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: an event of ours, or what AWS said."""

    event: Event | None
    source: str
    detail: Mapping[str, Any]
    attempts: int


def detail_of(event: Event) -> str:
    """Return the `Detail` to put; raises TypeError for what is no text."""
    # Text within text: EventBridge writes JSON anew, and not everything that people push survives that.
    return json.dumps({"id": event.id, "group": event.group, "detail": json.dumps(dict(event.detail))})


def read_message(body: str) -> Message:
    """Read a queue's message; raises UnreadableError."""
    try:
        envelope = json.loads(body)
        source, detail, attempts = envelope["source"], envelope["detail"], int(envelope.get("attempts", 0))
        event = _event(EventType(envelope["detail-type"]), detail) if source == SOURCE else None
        return Message(event, str(source), detail, attempts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def write_again(body: str, attempts: int) -> str:
    """Return the message to send when one that was read is to come again."""
    return json.dumps({**json.loads(body), "attempts": attempts})


def _event(event_type: EventType, detail: Mapping[str, Any]) -> Event:
    told = json.loads(detail["detail"])
    for text in (detail["id"], detail["group"], *told.values()):
        if not isinstance(text, str):
            raise TypeError("an event consists of texts")
    return Event(event_type, told, detail["group"], detail["id"])
