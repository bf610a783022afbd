"""Names for sockets, each used once."""

import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

_PREFIX = "battleshiper-functions-"
_SHORT = Path("/tmp")  # noqa: S108 - we make a new folder in it, for us alone


class Sockets:
    """Makes names in a folder of ours with a short name, because an address has at most 107 bytes (unix(7))."""

    def __init__(self, parent: Path = _SHORT) -> None:
        """Make the folder, and remove those of platforms that were killed."""
        for folder in parent.glob(f"{_PREFIX}*"):
            pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
            with suppress(OSError):
                if folder.lstat().st_uid == os.getuid() and not Path("/proc", pid).exists():
                    shutil.rmtree(folder)
        self._folder = Path(mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
        self._numbers = count(1)

    def new(self) -> Path:
        """Return a name that was never used before."""
        return self._folder / str(next(self._numbers))

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._folder, ignore_errors=True)
