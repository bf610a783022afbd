"""Watching how much disk a build uses."""

import os
from pathlib import Path

import pytest

from battleshiper.build_runner.disk import DiskWatch, used_bytes
from battleshiper.build_runner.failure import BuildError
from battleshiper.platform.model.result import FailureCode


def test_links_and_sparse_files_count_for_what_they_take(tmp_path: Path) -> None:
    """A file with two names counts once, a hole and what a link points to not at all."""
    (tmp_path / "a").write_bytes(b"x" * 200_000)
    once = used_bytes(tmp_path)
    assert once >= 200_000
    os.link(tmp_path / "a", tmp_path / "b")
    (tmp_path / "link").symlink_to("/usr")
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(10**10)
    assert used_bytes(tmp_path) < once + 50_000


def test_it_looks_only_when_it_is_due(tmp_path: Path) -> None:
    """Measuring costs time itself; `now` asks for it."""
    moments = [0.0]
    watch = DiskWatch(tmp_path, 1000, lambda: moments[0])
    (tmp_path / "a").write_bytes(b"x" * 10_000)
    watch.check()
    with pytest.raises(BuildError) as caught:
        watch.check(now=True)
    assert caught.value.code is FailureCode.DISK
    moments[0] = 4.0
    with pytest.raises(BuildError):
        watch.check()


def test_folders_too_deep_to_look_into_are_refused(tmp_path: Path) -> None:
    """Nothing hides from the measure behind a path that is too long."""
    here = os.open(tmp_path, os.O_RDONLY)
    name = "d" * 200
    for _ in range(25):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    with pytest.raises(BuildError, match="nested too deeply"):
        DiskWatch(tmp_path, 10**9, lambda: 0.0).check(now=True)
