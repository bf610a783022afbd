"""Looking through an output folder, which may hold anything."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import open_below
from battleshiper.platform.model.manifest import PathRefusedError, check_path
from battleshiper.platform.model.result import FailureCode

_CHUNK = 1024**2
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A plain file; `path` is relative to the folder that was looked through."""

    path: str
    bytes: int


def refused(path: str, why: str) -> BuildError:
    """Return the failure that names a file of the output and says what to do."""
    return BuildError(FailureCode.OUTPUT, str(PathRefusedError(path, why)), "Change what the build writes.")


def leave_nothing(_name: str, _depth: int) -> bool:
    """Take everything that is there."""
    return False


class Walk:
    """Finds the files of a folder, at most `files` of them.

    `leave` tells by name and depth (0 at the top) what is not part of the output.
    """

    def __init__(
        self, top: Path, *, files: int, file_bytes: int, leave: Callable[[str, int], bool] = leave_nothing
    ) -> None:
        self._top = top
        self._files = files
        self._file_bytes = file_bytes
        self._leave = leave

    def found(self, folder: str = "") -> list[FoundFile]:
        """Return the files below `folder` in order of their paths.

        Raises BuildError (OUTPUT) at the first thing that cannot be published: a link, a file with several names,
        a device, pipe or socket, a path that breaks the manifest's rules, a file too large, or too many.
        """
        found: list[FoundFile] = []
        for file in self._below(folder, "", 0):
            found.append(file)
            if len(found) > self._files:
                raise BuildError(
                    FailureCode.OUTPUT,
                    f"The output has more than {self._files:,} files.",
                    "Check that no packages or sources are copied into it, or ask the operator for a larger limit.",
                )
        return sorted(found, key=lambda file: file.path)

    def _below(self, folder: str, prefix: str, depth: int) -> Iterator[FoundFile]:
        if depth > _MAX_DEPTH:
            raise refused(prefix, f"it lies more than {_MAX_DEPTH} folders deep; move it up.")
        descriptor = open_below(self._top, folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            names = sorted(os.listdir(descriptor))  # noqa: PTH208 - pathlib cannot list a descriptor
            status = {name: os.stat(name, dir_fd=descriptor, follow_symlinks=False) for name in names}
        finally:
            os.close(descriptor)
        for name in names:
            if self._leave(name, depth):
                continue
            path = prefix + name
            try:
                check_path(path)
            except PathRefusedError as error:
                raise refused(error.path, error.why) from error
            if stat.S_ISDIR(status[name].st_mode):
                yield from self._below(f"{folder}/{name}" if folder else name, f"{path}/", depth + 1)
            else:
                yield self._file(path, status[name])

    def _file(self, path: str, status: os.stat_result) -> FoundFile:
        if stat.S_ISLNK(status.st_mode):
            raise refused(path, "it is a symbolic link; copy the file it points to instead.")
        if not stat.S_ISREG(status.st_mode):
            raise refused(path, f"it is {_kind(status.st_mode)}; only plain files are.")
        if status.st_nlink > 1:
            raise refused(path, "it is a hard link; copy the file instead.")
        if status.st_size > self._file_bytes:
            raise refused(path, f"it is larger than {self._file_bytes // 1024**2:,} MiB; make it smaller.")
        return FoundFile(path, status.st_size)


def read_chunks(top: Path, path: str, size: int) -> Iterator[bytes]:
    """Yield the bytes of a file that was found; raises BuildError (OUTPUT) when it has changed since."""
    with os.fdopen(open_below(top, path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        left = size
        while chunk := file.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
    if left:
        raise refused(path, "it changed while it was read.")


def digest(top: Path, path: str, size: int) -> str:
    """Return the SHA-256 of a file that was found, in hex."""
    running = hashlib.sha256()
    for chunk in read_chunks(top, path, size):
        running.update(chunk)
    return running.hexdigest()


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
