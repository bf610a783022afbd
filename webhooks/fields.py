"""An object of a payload, read field by field.

Strict on what is asked for and blind to the rest, as GitHub adds fields at any time. What is not as it should be is a
MalformedError that names the field and quotes no value: it goes into logs and to whoever sent it.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from battleshiper.webhooks.refusal import MalformedError

T = TypeVar("T")

_BEYOND = 2**63
"""SQLite's integers and other people's JSON reach as far."""


class Fields:
    """Reads the fields of an object. A field that is null is as good as missing."""

    def __init__(self, content: object, place: str = "") -> None:
        """`place` is where in the payload the object is."""
        if not isinstance(content, dict):
            raise _malformed(place, "an object is needed")
        self._content: dict[str, Any] = content
        self._place = place

    def value(self, name: str) -> Any:
        """Return a field, whatever it looks like; None where it is missing."""
        return self._content.get(name)

    def text(self, name: str, default: str | None = None, *, longest: int | None = None, pattern: str = "") -> str:
        """Return a text that fits the whole pattern."""
        value = self._present(name, default)
        if not isinstance(value, str):
            raise self._malformed(name, "a text is needed")
        # JSON can carry half a character, and UTF-8 cannot.
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self._malformed(name, "whole characters are needed")
        if longest is not None and len(value) > longest:
            raise self._malformed(name, f"at most {longest} characters are taken")
        if pattern and not re.fullmatch(pattern, value):
            raise self._malformed(name, f"what is needed looks like {pattern}")
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number that can be stored."""
        value = self._present(name, default)
        if type(value) is not int or not -_BEYOND <= value < _BEYOND:
            raise self._malformed(name, "a whole number is needed")
        return value

    def github_id(self, name: str = "id") -> int:
        """Return a number by which GitHub knows a thing for ever."""
        if (number := self.number(name)) <= 0:
            raise self._malformed(name, "a number above zero is needed")
        return number

    def second(self, name: str) -> int:
        """Return a moment in Unix seconds, which GitHub tells as such or in words; 0 where it tells none."""
        if not isinstance(self._content.get(name), str):
            return self.number(name, 0)
        try:
            return int(datetime.fromisoformat(self.text(name)).timestamp())
        except (ValueError, OverflowError):
            raise self._malformed(name, "a moment is needed") from None

    def part(self, name: str, read: Callable[["Fields"], T]) -> T:
        """Return an object within this one, as `read` reads it."""
        return read(Fields(self._content.get(name), self._where(name)))

    def part_if_there(self, name: str, read: Callable[["Fields"], T]) -> T | None:
        """Return an object within this one, None where it is missing."""
        return None if self._content.get(name) is None else self.part(name, read)

    def parts(self, name: str, read: Callable[["Fields"], T]) -> tuple[T, ...]:
        """Return a list of objects, an empty one where it is missing."""
        values = self._content.get(name)
        if values is None:
            return ()
        if not isinstance(values, list):
            raise self._malformed(name, "a list is needed")
        return tuple(read(Fields(value, self._where(f"{name}.{place}"))) for place, value in enumerate(values))

    def _present(self, name: str, default: object) -> Any:
        value = self._content.get(name)
        if value is not None:
            return value
        if default is None:
            raise self._malformed(name, "this field is needed")
        return default

    def _malformed(self, name: str, what: str) -> MalformedError:
        return _malformed(self._where(name), what)

    def _where(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def fields_of(text: bytes | bytearray) -> Fields:
    """Return the one object that a payload is; raises MalformedError. Of equal keys the last one counts."""
    try:
        # Decoded here: the parser would take UTF-16 and UTF-32 as well.
        content = json.loads(text.decode(), parse_constant=_refuse_constant)
    except MalformedError:
        raise
    except (ValueError, RecursionError):
        raise MalformedError("The payload is not JSON.") from None
    return Fields(content)


def _refuse_constant(name: str) -> NoReturn:
    # Python's parser takes NaN and Infinity, which JSON (RFC 8259 6) does not have.
    raise MalformedError(f"The payload is not JSON: it has {name} in it.")


def _malformed(place: str, what: str) -> MalformedError:
    return MalformedError(f"The payload cannot be read, at `{place}`: {what}." if place else f"The payload: {what}.")
