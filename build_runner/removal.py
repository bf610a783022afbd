"""Removing what a build left, which may have taken its own permissions away."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder and all in it, as far as that can be done; a folder that is not there is fine.

    Links are removed, not followed. Nothing may be at work in the folder any more.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir() or folder.is_symlink():
        return
    # What is left lies in folders that their owner may not look into.
    _open(folder)
    for here, names, _ in os.walk(folder):
        for name in names:
            _open(Path(here, name))
    shutil.rmtree(folder, ignore_errors=True)


def _open(folder: Path) -> None:
    with suppress(OSError):
        if not folder.is_symlink():
            folder.chmod(0o700)
