"""The files of all sites as they are sent: small ones kept in memory, compressed when first asked for so.

An object never changes (a deployment's files are immutable), so what was read once is never looked at again.
"""

import asyncio
import gzip
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

import brotli  # type: ignore[import-untyped]  # it publishes no types

from battleshiper.edge.local.folder import Folder, OpenFile
from battleshiper.platform.model.freshness import cache_control
from battleshiper.platform.model.media_type import is_compressible, media_type

Headers = list[tuple[bytes, bytes]]

_KEPT_FILE_BYTES = 2 * 1024**2
"""Larger files are read from disk each time, and never compressed."""
_SMALLEST_TO_COMPRESS = 512
_READ_BYTES = 256 * 1024


@dataclass(slots=True)
class Representation:
    """A file in one encoding."""

    etag: bytes
    body: bytes
    headers: Headers
    """Of a whole answer."""


@dataclass(slots=True)
class StaticFile:
    """A file that exists. `whole` has an empty body when the file is too large to be kept."""

    key: str
    size: int
    modified: bytes
    """As an HTTP date."""
    is_kept: bool
    is_compressible: bool
    whole: Representation
    encoded: dict[bytes, Representation] = field(default_factory=dict)
    permanent: Headers = field(default_factory=list)
    """What a 304 repeats."""


class Library:
    """Finds files and keeps the small ones, up to `capacity` bytes."""

    def __init__(self, folder: Folder, capacity: int = 64 * 1024**2) -> None:
        self._folder = folder
        self._capacity = capacity
        self._weight = 0
        self._files: dict[str, StaticFile] = {}
        self._pending: dict[tuple[str, bytes], asyncio.Future[StaticFile | None]] = {}

    def kept(self, key: str) -> StaticFile | None:
        """Return the file if it is in memory."""
        return self._files.get(key)

    async def find(self, key: str) -> StaticFile | None:
        """Return the file, None when there is none."""
        if file := self._files.get(key):
            return file
        return await self._once((key, b""), lambda: self._read(key))

    async def encode(self, file: StaticFile, encoding: bytes) -> Representation:
        """Return the file in `br` or `gzip`, or as it is where that is no smaller."""
        if not file.is_kept or file.size < _SMALLEST_TO_COMPRESS:
            return file.whole
        if encoding not in file.encoded:
            await self._once((file.key, encoding), lambda: _encode(file, encoding))
        return file.encoded[encoding]

    def open(self, file: StaticFile) -> OpenFile | None:
        """Open a file that is not kept; None when it is gone."""
        return self._folder.open(file.key)

    async def _once(self, work: tuple[str, bytes], do: Callable[[], StaticFile | None]) -> StaticFile | None:
        """Do a piece of work in a thread, once for all who want it at the same time."""
        future = self._pending.get(work)
        if future is None:
            future = asyncio.ensure_future(asyncio.to_thread(do))
            self._pending[work] = future
            future.add_done_callback(lambda done: self._finish(work, done))
        return await asyncio.shield(future)

    def _finish(self, work: tuple[str, bytes], done: "asyncio.Future[StaticFile | None]") -> None:
        del self._pending[work]
        if done.cancelled() or done.exception() or (file := done.result()) is None or not file.is_kept:
            return
        known = self._files.get(file.key) is file
        self._files[file.key] = file
        self._weight += len(file.encoded[work[1]].body) if known else _weight(file)
        while self._weight > self._capacity:
            self._weight -= _weight(self._files.pop(next(iter(self._files))))

    def _read(self, key: str) -> StaticFile | None:
        opened = self._folder.open(key)
        if opened is None:
            return None
        try:
            body = _read_all(opened) if opened.size <= _KEPT_FILE_BYTES else None
        finally:
            os.close(opened.descriptor)
        content = body if body is not None else f"{key}\n{opened.size}\n{opened.modified}".encode()
        digest = hashlib.sha256(content).hexdigest()[:32]
        return _static_file(key, opened, body, digest)


def _static_file(key: str, opened: OpenFile, body: bytes | None, digest: str) -> StaticFile:
    content_type = media_type(key)
    compressible = body is not None and len(body) >= _SMALLEST_TO_COMPRESS and is_compressible(content_type)
    permanent: Headers = [(b"cache-control", cache_control(key).encode())]
    if compressible:
        permanent.append((b"vary", b"accept-encoding"))
    modified = formatdate(opened.modified, usegmt=True).encode()
    common: Headers = [
        *permanent,
        (b"content-type", content_type.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"last-modified", modified),
        (b"accept-ranges", b"bytes"),
    ]
    size = opened.size if body is None else len(body)
    whole = _representation(f'"{digest}"', common, body or b"", size)
    return StaticFile(key, size, modified, body is not None, compressible, whole, permanent=permanent)


def _representation(etag: str, common: Headers, body: bytes, length: int) -> Representation:
    tag = etag.encode()
    return Representation(tag, body, [*common, (b"etag", tag), (b"content-length", str(length).encode())])


def _encode(file: StaticFile, encoding: bytes) -> StaticFile:
    whole = file.whole
    if encoding == b"br":
        # The strongest qualities cost seconds for large files; this is done while somebody waits.
        body = brotli.compress(whole.body, quality=9 if len(whole.body) < 256 * 1024 else 5)
    else:
        body = gzip.compress(whole.body, compresslevel=6, mtime=0)
    if len(body) >= len(whole.body):
        file.encoded[encoding] = whole
        return file
    common = [header for header in whole.headers if header[0] not in (b"etag", b"content-length")]
    etag = f'{whole.etag.decode()[:-1]}-{encoding.decode()}"'
    file.encoded[encoding] = _representation(etag, [*common, (b"content-encoding", encoding)], body, len(body))
    return file


def _read_all(opened: OpenFile) -> bytes:
    chunks = []
    while chunk := os.read(opened.descriptor, _READ_BYTES):
        chunks.append(chunk)
    return b"".join(chunks)


def _weight(file: StaticFile) -> int:
    kept = (file.whole, *file.encoded.values())
    return 2048 + sum(len(representation.body) for representation in kept)
