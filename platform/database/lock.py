"""One process at a time on one data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from battleshiper.platform.database.error import DataDirectoryInUseError


@contextmanager
def lock_data_directory(directory: Path) -> Iterator[None]:
    """Keep other processes out of `directory` while the context lasts; makes the directory where there is none.

    Raises DataDirectoryInUseError when another process is in it. The system frees the lock when a process dies,
    however it dies, so the file `lock` may stay behind and means nothing by itself.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DataDirectoryInUseError(directory, _process_id(file.read(20))) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _process_id(text: str) -> int | None:
    """Return what the holder has written, None when it has not come that far yet."""
    return int(text) if text.strip().isdecimal() else None
