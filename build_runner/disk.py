"""How much disk a folder uses, whatever lies in it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from battleshiper.build_runner.failure import BuildError
from battleshiper.platform.model.result import FailureCode

_BLOCK = 512
"""The unit of `st_blocks` (stat(2))."""
_REST = 3.0
_REST_SHARE = 20
"""Measuring takes at most a twentieth of the time."""


def used_bytes(top: Path) -> int:
    """Return the bytes that files below `top` take on disk; a file with several names counts once.

    Raises OSError (ENAMETOOLONG) when folders lie too deep to be looked into.
    """
    total = 0
    seen: set[int] = set()
    folders = [os.fspath(top)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    if status.st_nlink > 1 and not entry.is_dir(follow_symlinks=False):
                        if status.st_ino in seen:
                            continue
                        seen.add(status.st_ino)
                    total += status.st_blocks * _BLOCK
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except OSError as error:
            # Files come and go while the build runs.
            if error.errno == errno.ENAMETOOLONG:
                raise
    return total


class DiskWatch:
    """Looks now and then whether a folder grew too large."""

    def __init__(self, top: Path, limit: int, clock: Callable[[], float]) -> None:
        self._top = top
        self._limit = limit
        self._clock = clock
        self._next = clock() + _REST

    def check(self, *, now: bool = False) -> None:
        """Raise BuildError (DISK) when the folder is too large; looks only when it is due, or `now`."""
        begin = self._clock()
        if begin < self._next and not now:
            return
        try:
            used = used_bytes(self._top)
        except OSError as error:
            raise BuildError(
                FailureCode.DISK, "The build makes folders nested too deeply.", "Look for a loop in the build script."
            ) from error
        end = self._clock()
        self._next = end + max(_REST, (end - begin) * _REST_SHARE)
        if used > self._limit:
            raise BuildError(
                FailureCode.DISK,
                f"The build uses {used // 1024**2:,} MiB of disk and may use {self._limit // 1024**2:,} MiB.",
                "Remove large files or dependencies, or ask the operator for a larger limit.",
            )
