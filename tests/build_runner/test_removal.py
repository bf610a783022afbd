"""Removing what a build left."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from battleshiper.build_runner.removal import remove


# The child only runs a few system calls before it ends.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_folders_without_permissions_are_removed() -> None:
    """Also by an ordinary user, whom permissions bind; what links point to stays."""
    with TemporaryDirectory() as name:
        top = Path(name)
        top.chmod(0o777)
        child = os.fork()
        if child == 0:
            try:
                if os.getuid() == 0:
                    os.setuid(65534)
                (top / "left" / "a" / "b" / "c").mkdir(parents=True)
                (top / "kept").mkdir(mode=0o755)
                (top / "left" / "a" / "link").symlink_to(top / "kept")
                for folder in ("left/a/b/c", "left/a/b", "left/a"):
                    (top / folder).chmod(0)
                remove(top / "left")
                is_gone = not (top / "left").exists() and (top / "kept").stat().st_mode & 0o777 == 0o755
                os._exit(0 if is_gone else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_what_is_not_there_is_fine(tmp_path: Path) -> None:
    """Removing twice is removing once."""
    remove(tmp_path / "nothing")
