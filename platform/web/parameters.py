"""What requests say in their path and their query."""

from enum import StrEnum
from typing import TypeVar

from anyio.from_thread import run
from starlette.requests import Request

from battleshiper.platform.store.port import MissingError
from battleshiper.platform.web.operation import Query

_MAX_LIMIT = 500
_LONGEST_ID = 18

LIMIT = Query("limit", f"How many at most: 50 unless told, {_MAX_LIMIT} at most", int)

Word = TypeVar("Word", bound=StrEnum)


def read_limit(request: Request) -> int:
    """Return how many things are asked for; raises ValueError."""
    return min(max(1, read_number(request, "limit", 50)), _MAX_LIMIT)


def read_number(request: Request, name: str, default: int) -> int:
    """Return a whole number; raises ValueError, with a sentence for the answer."""
    value = request.query_params.get(name)
    if value is None:
        return default
    if not value.isdecimal() or len(value) > 16:
        raise ValueError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def number_of(text: str, longest: int) -> int | None:
    """Return the whole number that a text of at most `longest` digits is, None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= longest else None


def word_of(kind: type[Word], text: str) -> Word | None:
    """Return the one of a kind's words that a text is, None where it is none."""
    return kind(text) if text in [each.value for each in kind] else None


def read_body(request: Request, most_bytes: int, refusal: str) -> bytes:
    """Return the body, on a thread; raises ValueError with `refusal` unless it says its length, and is no longer."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most_bytes:
        raise ValueError(refusal)
    return run(request.body)


def read_account(request: Request) -> int:
    """Return GitHub's number of an account, which the path names; raises MissingError for what is no number."""
    text: str = request.path_params["account"]
    number = number_of(text, _LONGEST_ID)
    if number is None:
        raise MissingError("account", text)
    return number


def read_switch(request: Request, name: str, default: bool) -> bool:
    """Return whether something is wanted; raises ValueError, with a sentence for the answer."""
    value = request.query_params.get(name)
    if value not in (None, "on", "off"):
        raise ValueError(f"{name} must be on or off, not {value!r}.")
    return default if value is None else value == "on"
