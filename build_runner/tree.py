"""Reading files of a checkout, which may be anything: links to the machine's files, pipes, ten gigabytes."""

import errno
import os
import stat
from pathlib import Path
from typing import Protocol

MAX_READ_BYTES = 1024**2
"""No file that we read by ourselves needs more, lockfiles apart."""


class UnreadableError(Exception):
    """A file is there but is not one we read; `why` completes `path …`."""

    def __init__(self, path: str, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path} {why}")


class Tree(Protocol):
    """The files of a checkout. Paths are relative, with `/` between their parts."""

    def read(self, path: str, limit: int = MAX_READ_BYTES) -> bytes | None:
        """Return a file's bytes, None when there is none; raises UnreadableError when it is not a plain file of at
        most `limit` bytes."""
        ...

    def has_file(self, path: str) -> bool:
        """Tell whether a plain file is at `path`, itself and not by a link."""
        ...

    def has_folder(self, path: str) -> bool:
        """Tell whether a folder is at `path`, itself and not by a link; the empty path is the top."""
        ...

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted; none when there is no such folder."""
        ...


class CheckoutTree:
    """The files below a folder on disk. No link is ever followed, whatever changes meanwhile."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def read(self, path: str, limit: int = MAX_READ_BYTES) -> bytes | None:
        """Return a file's bytes, see `Tree`."""
        try:
            descriptor = self._open(path, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except NotADirectoryError as error:
            raise UnreadableError(path, "lies behind a symbolic link or a file, which is not followed.") from error
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise UnreadableError(path, "is a symbolic link, which is not followed.") from error
            raise UnreadableError(path, f"cannot be read: {error.strerror}.") from error
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(path, "is not a plain file.")
            data = b"" if status.st_size > limit else file.read(limit + 1)
            if max(len(data), status.st_size) > limit:
                raise UnreadableError(path, f"is larger than {limit:,} bytes.")
        return data

    def has_file(self, path: str) -> bool:
        """Tell whether a plain file is at `path`."""
        return self._has(path, stat.S_ISREG)

    def has_folder(self, path: str) -> bool:
        """Tell whether a folder is at `path`."""
        return self._has(path, stat.S_ISDIR)

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        try:
            descriptor = self._open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return []
        try:
            return sorted(os.listdir(descriptor))  # noqa: PTH208 - pathlib cannot list a descriptor
        finally:
            os.close(descriptor)

    def _has(self, path: str, kind: "_Kind") -> bool:
        try:
            descriptor = self._open(path, os.O_PATH)
        except OSError:
            return False
        try:
            return kind(os.fstat(descriptor).st_mode)
        finally:
            os.close(descriptor)

    def _open(self, path: str, flags: int) -> int:
        return open_below(self._top, path, flags)


class _Kind(Protocol):
    def __call__(self, mode: int, /) -> bool: ...


def open_below(top: Path, path: str, flags: int) -> int:
    """Open `path` below `top` without following a link, `top` included, and return the descriptor.

    Raises OSError: NotADirectoryError or ELOOP for a link, FileNotFoundError also for a path that leaves `top`.
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in path:
        raise FileNotFoundError(errno.ENOENT, "leaves the folder", path)
    # The top itself may have been replaced: it often lies in a folder that the tenant's programs write to.
    here = os.open(top, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(parts[-1] if parts else ".", flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)
