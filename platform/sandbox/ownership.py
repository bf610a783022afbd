"""Giving folders to the user that sandboxed programs run as."""

import os
from pathlib import Path


def give(path: Path, uid: int) -> None:
    """Make `uid` the owner of `path` and all in it, unless `path` is theirs already.

    Links are not followed. A second call is cheap and leaves alone what was put in meanwhile: whoever is handed a
    folder is not to be raced for what lies in it.
    """
    if path.lstat().st_uid == uid:
        return
    if path.is_dir() and not path.is_symlink():
        for _, folders, files, folder in os.fwalk(path, topdown=False, follow_symlinks=False):
            for name in (*folders, *files):
                os.chown(name, uid, uid, dir_fd=folder, follow_symlinks=False)
    os.chown(path, uid, uid, follow_symlinks=False)
