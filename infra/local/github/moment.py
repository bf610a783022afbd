"""Moments, as GitHub writes them: UTC, to the second, with a Z."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present time, in UTC."""


def read_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def write_moment(moment: datetime) -> str:
    """Return `moment` as GitHub writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """Return the moment that `text` (ISO 8601) tells; raises ValueError."""
    return datetime.fromisoformat(text)
