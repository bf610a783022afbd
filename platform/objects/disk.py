"""Files that survive a power cut, and are never reached through a symbolic link."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; raises FileNotFoundError for anything else."""
    try:
        # Without O_NONBLOCK a FIFO would hold us up.
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except (IsADirectoryError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except OSError as error:
        if path.is_symlink():
            raise FileNotFoundError(path) from error
        raise
    if not S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise FileNotFoundError(path)
    return file


def make_folders(folder: Path) -> None:
    """Make a folder and those above it."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; fine when the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all in it, following no links; fine when somebody else removes it too."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            remove_tree(Path(entry.path))
        else:
            with suppress(FileNotFoundError):
                os.unlink(entry.path)  # noqa: PTH108 - a Path for each of many files would cost more than the unlink
    with suppress(FileNotFoundError):
        folder.rmdir()
