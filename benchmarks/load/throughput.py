"""What a load generator reports, and which one there is."""

from dataclasses import dataclass
from typing import Protocol

from benchmarks.requests import Requests


class RefusedError(Exception):
    """The server did not answer as it should, so that its speed means nothing."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """How fast a server answered."""

    per_second: float
    median_ms: float


class Load(Protocol):
    """Sends requests over a few connections at once, each waiting for its answer."""

    name: str

    def measure(self, address: str, requests: Requests, *, connections: int, seconds: float) -> Throughput:
        """Ask the server at `address` (`http://host:port`); raises RefusedError for any answer above 399."""
        ...
