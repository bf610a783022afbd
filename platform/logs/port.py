"""Logs: what builds and functions print, line by line, and what the platform says beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class LogKind(StrEnum):
    """Which log of a deployment."""

    BUILD = "build"
    DEPLOY = "deploy"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; `at` is an RFC 3339 time in UTC with milliseconds."""

    at: str
    text: str
    number: int = field(default=0, compare=False)
    """Its place in the log: who has read it goes on from the next number. Numbers grow; some may be left out."""


class Logs(Protocol):
    """Keeps the logs of every deployment."""

    def append(self, deployment_id: str, kind: LogKind, text: str) -> None:
        """Add a line, stamped now; a text of several lines adds several. A log that is full takes no more."""
        ...

    def read(self, deployment_id: str, kind: LogKind, start: int = 0) -> Iterator[LogLine]:
        """Yield the lines from number `start` (0 is the first) to the present end. Nothing for an unknown log. Of a
        very long log, the older lines may be left out by who begins at 0."""
        ...

    def delete(self, deployment_id: str) -> None:
        """Remove the logs of a deployment. Safe to run again."""
        ...
