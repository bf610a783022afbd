"""What a project keeps from one build to the next.

Production and preview builds keep apart, so that nothing of a preview's ever reaches production. A build takes
the cache away and puts it back when it is done: two builds never share files, and a build that dies costs a
slower one after it, nothing else.
"""

import errno
import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from battleshiper.build_runner.disk import used_bytes
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.removal import remove
from battleshiper.build_runner.tree import open_below

_RECORD = "record.json"
_TRASH = ".trash-"


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """How much disk caches may take."""

    project_bytes: int = 2 * 1024**3
    """For one environment of one project; a larger one is not kept."""
    total_bytes: int = 20 * 1024**3
    """For all; those unused for longest go first."""


class ProjectCache:
    """The cache of one environment of one project, below `folder`.

    It is a folder of the runner's with named parts in it, which are the tenant's and are only ever moved whole.
    """

    def __init__(
        self, folder: Path, project_id: str, environment: str, scratch: Path, log: BuildLog, limits: CacheLimits
    ) -> None:
        self._folder = folder
        self._kept = folder / project_id / environment
        self._scratch = scratch
        self._taken = scratch / "taken"
        self._log = log
        self._limits = limits
        self.fingerprint = ""
        """Of the installed packages that were taken; empty without any."""

    def take(self) -> None:
        """Take the cache from its place, if there is one."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        try:
            self._kept.rename(self._taken)
            record = json.loads((self._taken / _RECORD).read_text())
            self.fingerprint = str(record["fingerprint"])
        except OSError as error:
            if error.errno == errno.EXDEV:
                self._log.say("The cache lies on another file system than the build and is not used.")
        except (ValueError, KeyError, TypeError):
            remove(self._taken)

    def restore(self, part: str, top: Path, path: str, owner: int) -> bool:
        """Move a part to `path` below `top`, a hostile folder; False when it is not there or cannot be moved.

        A part of another user than `owner` is of no use to the build and is left.
        """
        source = self._taken / part
        try:
            if source.lstat().st_uid != owner:
                return False
            _move(source, top, path)
        except OSError:
            return False
        return True

    def keep(self, fingerprint: str, parts: dict[str, str], top: Path) -> None:
        """Put the cache back: `parts` are paths below `top`, a hostile folder; what is not a folder is left out."""
        fresh = self._scratch / "fresh"
        fresh.mkdir()
        total = 0
        for part, path in parts.items():
            with suppress(OSError):
                _take_out(top, path, fresh / part)
                used = used_bytes(fresh / part)
                if total + used > self._limits.project_bytes:
                    self._log.say(f"The cache of {path} is too large to be kept.")
                    remove(fresh / part)
                    continue
                total += used
        (fresh / _RECORD).write_text(json.dumps({"fingerprint": fingerprint, "bytes": total}))
        with suppress(OSError):  # another file system: said when it was taken
            self._replace(fresh)
        self._evict()

    def _replace(self, fresh: Path) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                fresh.rename(self._kept)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                self._discard(self._kept)
            else:
                return

    def _evict(self) -> None:
        for trash in self._folder.glob(f"{_TRASH}*"):
            remove(trash)  # of a build that died while it discarded it
        total = 0
        for kept in sorted(self._folder.glob("[!.]*/*/"), key=_age):
            total += _recorded_bytes(kept)
            if total > self._limits.total_bytes:
                self._discard(kept)

    def _discard(self, kept: Path) -> None:
        trash = kept.parent.parent / f"{_TRASH}{uuid4().hex}"
        with suppress(OSError):
            kept.rename(trash)
        remove(trash)


def _age(kept: Path) -> float:
    try:
        return -(kept / _RECORD).stat().st_mtime
    except OSError:
        return 0.0


def _recorded_bytes(kept: Path) -> int:
    try:
        return int(json.loads((kept / _RECORD).read_text())["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _move(source: Path, top: Path, path: str) -> None:
    parent, _, name = path.rpartition("/")
    descriptor = open_below(top, parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # rename() would replace an empty folder or a file; the build's own comes first.
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, "is there already", path)
        os.rename(source, name, dst_dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _take_out(top: Path, path: str, target: Path) -> None:
    parent, _, name = path.rpartition("/")
    descriptor = open_below(top, parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not stat.S_ISDIR(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "is no folder", path)
        os.rename(name, target, src_dir_fd=descriptor)
    finally:
        os.close(descriptor)
