"""Handing folders over to the unprivileged user."""

import os
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.ownership import give

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")


def test_everything_in_a_folder_changes_hands_but_nothing_behind_a_link(tmp_path: Path) -> None:
    """Links change hands themselves; what they point to stays."""
    work, outside = tmp_path / "work", tmp_path / "outside"
    (work / "deep" / "er").mkdir(parents=True)
    (work / "deep" / "file").write_text("")
    outside.mkdir()
    (outside / "file").write_text("")
    (work / "link").symlink_to(outside)
    give(work, 64000)
    for path in (work, work / "deep", work / "deep" / "er", work / "deep" / "file", work / "link"):
        assert path.lstat().st_uid == 64000
    assert outside.stat().st_uid == (outside / "file").stat().st_uid == 0


def test_a_folder_that_is_theirs_already_is_not_looked_through(tmp_path: Path) -> None:
    """What they put there meanwhile is not touched again."""
    work = tmp_path / "work"
    work.mkdir()
    give(work, 64000)
    (work / "ours").write_text("")
    give(work, 64000)
    assert (work / "ours").stat().st_uid == 0


def test_a_single_file_can_be_given(tmp_path: Path) -> None:
    """A bind may show one file."""
    file = tmp_path / "file"
    file.write_text("")
    give(file, 64000)
    assert file.stat().st_uid == 64000
