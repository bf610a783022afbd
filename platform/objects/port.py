"""Objects: what builds produce (`builds/…`) and what sites serve (`sites/…`). A folder here, S3 on AWS."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


class ObjectMissingError(LookupError):
    """There is no object at this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"there is no object {key!r}")


class KeyRefusedError(ValueError):
    """The key is not one that can be stored (see `model.manifest.check_path`)."""


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
        """Copy all, in parallel; raises ObjectMissingError or CopyRefusedError. Safe to run again."""
        ...

    def delete(self, prefix: str) -> None:
        """Delete every object whose key starts with `prefix`, which ends in `/`. Safe to run again."""
        ...
