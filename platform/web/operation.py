"""What an endpoint of the API takes and answers, for its document."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter in the query."""

    name: str
    meaning: str
    kind: Any = str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One of them. What it does is its endpoint's docstring. Kinds are whatever pydantic makes a schema of."""

    answer: Any
    query: tuple[Query, ...] = ()
    body: Any = None
    """None where there is none; `str` is plain text, all else is JSON."""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Described:
    """An operation at its address."""

    method: str
    path: str
    summary: str
    operation: Operation
