"""Objects: what builds produce (`builds/…`) and what sites serve (`sites/…`). A folder here, S3 on AWS."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from battleshiper.platform.model.manifest import PathRefusedError, check_path

MAX_KEY_BYTES = 1024
"""S3's limit (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)."""


class ObjectMissingError(LookupError):
    """There is no object at this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"there is no object {key!r}")


class KeyRefusedError(ValueError):
    """The key is not one that can be stored (see `model.manifest.check_path`)."""


class ObjectsLeftError(Exception):
    """Some objects could not be deleted; the message names the first and says why."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What is known of an object without reading it."""

    key: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One object to copy; refused when the source has not exactly these bytes."""

    source: str
    target: str
    bytes: int
    sha256: str
    content_type: str


class CopyRefusedError(ValueError):
    """An object is not what its manifest says; the message names it."""


class Objects(Protocol):
    """Bytes under keys. A key is a relative path with `/` between its parts."""

    def put(self, key: str, body: BinaryIO, content_type: str) -> None:
        """Store `body`, whole or not at all, replacing what was there."""
        ...

    def read(self, key: str) -> bytes:
        """Return the whole object; raises ObjectMissingError."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object whose key starts with `prefix`, which ends in `/`."""
        ...

    def copy(self, copies: Iterable[Copy]) -> None:
        """Copy all, in parallel; raises ObjectMissingError or CopyRefusedError. Safe to run again.

        A target is meant never to change: one that holds something else may be replaced, or the copy refused.
        """
        ...

    def remove(self, key: str) -> None:
        """Delete one object. Safe to run again."""
        ...

    def delete(self, prefix: str) -> None:
        """Delete every object whose key starts with `prefix`, which ends in `/`. Safe to run again."""
        ...


def check_key(key: str) -> None:
    """Raise KeyRefusedError unless `key` can be stored."""
    try:
        check_path(key, MAX_KEY_BYTES)
    except PathRefusedError as error:
        raise KeyRefusedError(str(error)) from error


def check_prefix(prefix: str) -> None:
    """Raise KeyRefusedError unless `prefix` is a key and a `/`."""
    if not prefix.endswith("/"):
        raise KeyRefusedError(f"the prefix {prefix!r} must end in '/'")
    check_key(prefix.removesuffix("/"))
