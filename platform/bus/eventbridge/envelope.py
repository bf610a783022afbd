"""Events as they travel: what is put on EventBridge, and what comes out of a queue.

A message is EventBridge's own envelope (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html)
with one mark of ours at its top once it was sent again: `attempts`, how often its handling has failed.
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
    """Return the `Detail` to put."""
    return json.dumps({"id": event.id, "group": event.group, "detail": dict(event.detail)})


def read_message(body: str) -> Message:
    """Read a queue's message; raises UnreadableError."""
    try:
        envelope = json.loads(body)
        source, detail, attempts = envelope["source"], envelope["detail"], int(envelope.get("attempts", 0))
        event = None
        if source == SOURCE:
            told = {str(name): str(value) for name, value in detail["detail"].items()}
            event = Event(EventType(envelope["detail-type"]), told, str(detail["group"]), str(detail["id"]))
        return Message(event, str(source), detail, attempts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def write_message(event: Event, attempts: int) -> str:
    """Return the message to send an event again."""
    detail = json.loads(detail_of(event))
    return json.dumps({"source": SOURCE, "detail-type": event.type.value, "detail": detail, "attempts": attempts})
