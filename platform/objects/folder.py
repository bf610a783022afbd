"""Objects as files in a folder."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from time import time
from typing import BinaryIO

from battleshiper.platform.objects.disk import make_folders, open_regular, remove_tree, sync_folder
from battleshiper.platform.objects.port import (
    Copy,
    CopyRefusedError,
    KeyRefusedError,
    ObjectInfo,
    ObjectMissingError,
    check_key,
    check_prefix,
)

_CHUNK = 1024**2
_THREADS = 8
_TRIES = 5
_INCOMING = ".incoming"
_UNFINISHED_SECONDS = 24 * 3600
"""No file takes longer to arrive."""


class FolderObjects:
    """Each object is the file `<root>/<key>`; what a method has done when it returns survives a power cut.

    No file is ever changed in place, so a copy is one more name for the same file where the file system can do
    that. The content type is not kept: whoever serves the files knows it from the manifest. A key that is a folder
    of other objects, or has an object where it needs a folder, is refused.
    """

    def __init__(self, root: Path) -> None:
        make_folders(root)
        self._root = root.resolve()
        self._incoming = self._root / _INCOMING
        make_folders(self._incoming)
        self._tidy_up()

    def path(self, key: str) -> Path:
        """Return the file of an object, which need not exist; raises KeyRefusedError."""
        check_key(key)
        path = self._root / key
        if key.partition("/")[0] == _INCOMING or path.parent.resolve() != path.parent:
            raise KeyRefusedError(f"{key!r} is not a place for objects")
        return path

    def put(self, key: str, body: BinaryIO, content_type: str) -> None:  # noqa: ARG002 - see the class
        """Store `body`, whole or not at all, replacing what was there; raises KeyRefusedError."""
        path = self.path(key)
        with self._incoming_file() as incoming:
            _write(body, incoming)
            _place(path, partial(os.replace, incoming, path))
        sync_folder(path.parent)

    def read(self, key: str) -> bytes:
        """Return the whole object; raises ObjectMissingError."""
        with self._open(key) as file:
            return file.read()

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object below `prefix`, in the order of the keys' bytes."""
        return _list(self._folder(prefix), prefix)

    def copy(self, copies: Iterable[Copy]) -> None:
        """Copy all; raises ObjectMissingError or CopyRefusedError for the first that fails, and starts no more."""
        executor = ThreadPoolExecutor(_THREADS, "copy")
        try:
            for folder in set(executor.map(self._copy, copies)):
                sync_folder(folder)
        finally:
            executor.shutdown(cancel_futures=True)

    def remove(self, key: str) -> None:
        """Delete one object."""
        with suppress(FileNotFoundError, NotADirectoryError):
            self.path(key).unlink()

    def delete(self, prefix: str) -> None:
        """Delete every object below `prefix`, and the folders that are empty then."""
        folder = self._folder(prefix)
        for attempt in range(1, _TRIES + 1):
            try:
                remove_tree(folder)
                break
            except OSError:  # somebody has put an object there meanwhile
                if attempt == _TRIES:
                    raise
        with suppress(OSError):  # the first one that is not empty
            for parent in folder.parents:
                if parent == self._root:
                    break
                parent.rmdir()

    def _copy(self, copy: Copy) -> Path:
        target = self.path(copy.target)
        with self._open(copy.source) as source, self._incoming_file() as incoming:
            _verify(source, copy)
            try:
                # By the open file's own name: it was verified, whatever its key may hold by now. The directory is
                # named, though it has no say, because without one Python links to the link (bpo-37612).
                os.link(f"/proc/self/fd/{source.fileno()}", incoming, src_dir_fd=source.fileno())
            except OSError:  # no /proc here, no links, or the file was replaced
                source.seek(0)
                _write(source, incoming)
                with open_regular(incoming) as written:
                    _verify(written, copy)
            _place(target, partial(os.replace, incoming, target))
        return target.parent

    def _open(self, key: str) -> BinaryIO:
        try:
            return open_regular(self.path(key))
        except FileNotFoundError as error:
            raise ObjectMissingError(key) from error

    def _folder(self, prefix: str) -> Path:
        check_prefix(prefix)
        folder = self.path(prefix.removesuffix("/"))
        if folder.is_symlink():
            raise KeyRefusedError(f"{prefix!r} is not a place for objects")
        return folder

    def _tidy_up(self) -> None:
        """Remove the unfinished files of processes that died."""
        for path in self._incoming.iterdir():
            if path.stat().st_mtime < time() - _UNFINISHED_SECONDS:
                path.unlink(missing_ok=True)

    @contextmanager
    def _incoming_file(self) -> Iterator[Path]:
        path = self._incoming / token_hex(16)
        try:
            yield path
        finally:
            # Also after a rename: one between two names of the same file does nothing.
            path.unlink(missing_ok=True)


def _write(body: BinaryIO, path: Path) -> None:
    with path.open("xb") as file:
        shutil.copyfileobj(body, file, _CHUNK)
        file.flush()
        os.fsync(file.fileno())


def _verify(file: BinaryIO, copy: Copy) -> None:
    digest = sha256()
    size = 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if size != copy.bytes:
        raise CopyRefusedError(f"{copy.source!r} has {size:,} bytes where the manifest says {copy.bytes:,}.")
    if digest.hexdigest() != copy.sha256:
        raise CopyRefusedError(f"{copy.source!r} is not the file that the manifest describes (its sha256 differs).")


def _place(path: Path, put: Callable[[], None]) -> None:
    """Call `put` once there is a folder for `path`, again when somebody deletes that meanwhile."""
    for attempt in range(1, _TRIES + 1):
        try:
            make_folders(path.parent)
            put()
            return
        except FileNotFoundError:
            if attempt == _TRIES:
                raise
        except (IsADirectoryError, NotADirectoryError, FileExistsError) as error:
            raise KeyRefusedError(f"{str(path)!r} is a folder, or would be inside a file") from error


def _list(folder: Path, prefix: str) -> Iterator[ObjectInfo]:
    try:
        entries = [(e, e.is_dir(follow_symlinks=False)) for e in os.scandir(folder)]
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry, is_folder in sorted(entries, key=lambda pair: (pair[0].name + "/" * pair[1]).encode()):
        key = prefix + entry.name
        if is_folder:
            yield from _list(folder / entry.name, f"{key}/")
        elif entry.is_file(follow_symlinks=False):
            with suppress(FileNotFoundError):
                yield ObjectInfo(key, entry.stat(follow_symlinks=False).st_size)
