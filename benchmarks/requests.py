"""Requests: what a load generator sends, again and again or each a little different."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests over one connection after the other.

    `parts` is the text of a request; a number among them stands for that field of a row. Each request takes the next
    of `rows`; without rows all requests are the same. Fields have no spaces.
    """

    parts: tuple[bytes | int, ...]
    rows: Iterable[tuple[str, ...]] = ()


def get(host: str, path: str, headers: Mapping[str, str] | None = None) -> Requests:
    """Return the same GET, endlessly."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return Requests(("\r\n".join((*lines, "", "")).encode(),))
