"""A folder of which nothing outside can be opened, whatever the path says and whatever lies in it."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a FIFO would wait for a writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO, errno.EACCES})


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A regular file, open for reading. Whoever has it closes `descriptor`."""

    descriptor: int
    size: int
    modified: int
    """Unix seconds."""


class Folder:
    """Opens files below `root` without following symbolic links on the way."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, key: str) -> OpenFile | None:
        """Open the file at `key`, a relative path with `/` between its parts; None when there is no such file."""
        parts = key.split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in parts):
            return None
        try:
            descriptor = self._descend(parts)
        except OSError as error:
            if error.errno in _NOT_THERE:
                return None
            raise
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            return None
        return OpenFile(descriptor, status.st_size, int(status.st_mtime))

    def _descend(self, parts: list[str]) -> int:
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                below = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = below
            return os.open(parts[-1], _FILE, dir_fd=folder)
        finally:
            os.close(folder)
