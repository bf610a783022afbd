"""Routes: what the edge looks up for each request. Small strings under small keys, and nothing but what can be
made again from the store and the manifests.

The limits are CloudFront KeyValueStore's: a key has at most 512 bytes, a value at most 1 KB
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).
"""

from collections.abc import Mapping
from typing import Protocol

MAX_KEY_BYTES = 512
MAX_VALUE_BYTES = 1024


class RouteRefusedError(ValueError):
    """A key or a value is larger than the store takes."""


class RoutesBusyError(Exception):
    """So many others write that this one did not get its turn; try again later."""


class Routes(Protocol):
    """The key value store that the edge function reads."""

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        ...

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Put (a string) or delete (None) each key. Deletes of absent keys are fine. Safe to run again."""
        ...

    def rebuild(self, entries: Mapping[str, str]) -> None:
        """Make the store hold exactly `entries`."""
        ...


def check_changes(changes: Mapping[str, str | None]) -> None:
    """Raise RouteRefusedError unless every key and every value can be kept."""
    for key, value in changes.items():
        if not 0 < _length(key) <= MAX_KEY_BYTES:
            raise RouteRefusedError(f"the key {key[:80]!r} must have 1 to {MAX_KEY_BYTES} bytes")
        if value is not None and _length(value) > MAX_VALUE_BYTES:
            raise RouteRefusedError(f"the value {value[:80]!r}… of {key!r} has more than {MAX_VALUE_BYTES} bytes")


def _length(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise RouteRefusedError(f"{text[:80]!r} has broken text in it") from error
