"""Version ranges as npm reads them (https://github.com/npm/node-semver#ranges), for released versions only."""

import re
from collections.abc import Callable
from typing import NamedTuple


class Version(NamedTuple):
    """A released version; pre-releases are never chosen."""

    major: int
    minor: int = 0
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


class RangeError(ValueError):
    """The text is not a version range."""


class Range:
    """A range of versions, such as `^20.3 || >=22`."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _MAX_LENGTH:
            raise RangeError("a version range this long is not read")
        self._alternatives = [_parse_alternative(part) for part in text.split("||")]

    def __contains__(self, version: Version) -> bool:
        return any(all(holds(version) for holds in alternative) for alternative in self._alternatives)


_MAX_LENGTH = 256
_Test = Callable[[Version], bool]
_NUMBER = r"([0-9]{1,9}|[xX*])"
_PARTIAL = rf"v?=?\s*{_NUMBER}(?:\.{_NUMBER})?(?:\.{_NUMBER})?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
_COMPARATOR = re.compile(rf"\s*(<=|>=|<|>|=|~>|~|\^|)\s*{_PARTIAL}\s*")
_HYPHEN = re.compile(rf"\s*{_PARTIAL}\s+-\s+{_PARTIAL}\s*")
_EXACT = re.compile(r"v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})")


def parse_version(text: str) -> Version | None:
    """Read one released version, None for anything else."""
    found = _EXACT.fullmatch(text)
    return Version(*map(int, found.groups())) if found else None


def _parse_alternative(text: str) -> list[_Test]:
    if not text.strip():
        return []
    if hyphen := _HYPHEN.fullmatch(text):
        low, _ = _bounds(hyphen.groups()[:3])
        _, high = _bounds(hyphen.groups()[3:])
        return [lambda version: version >= low and (high is None or version < high)]
    tests: list[_Test] = []
    position = 0
    while position < len(text):
        found = _COMPARATOR.match(text, position)
        # Two comparators need a space or an operator between them.
        if not found or (position and not found[1] and not text[position - 1].isspace()):
            raise RangeError(f"{text.strip()!r} is not a version range")
        tests.append(_comparator(found[1], found.groups()[1:]))
        position = found.end()
    return tests


def _comparator(operator: str, parts: tuple[str | None, ...]) -> _Test:
    low, high = _bounds(parts)
    match operator:
        case ">=":
            return lambda version: version >= low
        case "<":
            return lambda version: version < low
        case ">":
            return lambda version: high is not None and version >= high
        case "<=":
            return lambda version: high is None or version < high
        case "~" | "~>" if high is not None:
            top = high if len(_numbers(parts)) < 2 else Version(low.major, low.minor + 1)
            return lambda version: low <= version < top
        case "^" if high is not None:
            ceiling = _caret_ceiling(parts, low)
            return lambda version: low <= version < ceiling
        case _:
            return lambda version: version >= low and (high is None or version < high)


def _caret_ceiling(parts: tuple[str | None, ...], low: Version) -> Version:
    given = len(_numbers(parts))
    if low.major or given == 1:
        return Version(low.major + 1)
    if low.minor or given == 2:
        return Version(0, low.minor + 1)
    return Version(0, 0, low.patch + 1)


def _numbers(parts: tuple[str | None, ...]) -> list[int]:
    numbers: list[int] = []
    for part in parts:
        if part is None or part in "xX*":
            break
        numbers.append(int(part))
    return numbers


def _bounds(parts: tuple[str | None, ...]) -> tuple[Version, Version | None]:
    """Return the lowest version that the partial version means, and the first one above; None without an end."""
    match _numbers(parts):
        case [major, minor, patch]:
            return Version(major, minor, patch), Version(major, minor, patch + 1)
        case [major, minor]:
            return Version(major, minor), Version(major, minor + 1)
        case [major]:
            return Version(major), Version(major + 1)
        case _:
            return Version(0), None
