"""The bus: carries events from one part to the next, at least once each. SQLite here, EventBridge on AWS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from battleshiper.platform.model.event import Event, EventType

Handler = Callable[[Event], None]
"""Handles one event. Returning means done; raising means again later, after `RetryLaterError.seconds` or
with growing pauses, until the event lands among the dead letters."""


class RetryLaterError(Exception):
    """The event cannot be handled now, and that is nobody's fault: it does not count as a failed attempt."""

    def __init__(self, seconds: float, why: str) -> None:
        self.seconds = seconds
        super().__init__(why)


class GiveUpError(Exception):
    """The event can never be handled; it goes to the dead letters at once."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be handled."""

    event: Event
    error: str
    attempts: int
    """How often it was tried."""
    died_at: datetime


class Bus(Protocol):
    """Where events are put. Events that belong to a change of the store are passed to the store instead,
    which writes both or neither."""

    def publish(self, events: Sequence[Event]) -> None:
        """Put the events on the bus; returns when they are durable. An event that cannot be told (TypeError) takes all
        with it. Where the bus itself fails, some may be on it: they come twice when they are published again."""
        ...


class DeadLetters(Protocol):
    """Events that could not be handled."""

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """Return the latest dead letters, newest first."""
        ...

    def revive(self, event_id: str) -> bool:
        """Give a dead letter all its attempts again; False when there is none of this id."""
        ...

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` events that died before a time, oldest first, and return how many there were."""
        ...


class Subscriptions(Protocol):
    """Who handles what; one handler for each type."""

    def subscribe(self, event_type: EventType, handler: Handler) -> None:
        """Name the handler of a type."""
        ...
