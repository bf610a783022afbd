"""Reading files that may be anything."""

import os
from pathlib import Path

import pytest

from battleshiper.build_runner.tree import CheckoutTree, UnreadableError


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("of the machine")
    (tmp_path / "top" / "folder").mkdir(parents=True)
    (tmp_path / "top" / "folder" / "file").write_text("text")
    return tmp_path / "top"


def test_a_plain_file_is_read(top: Path) -> None:
    """Its bytes; None where there is none."""
    assert CheckoutTree(top).read("folder/file") == b"text"
    assert CheckoutTree(top).read("folder/none") is None
    assert CheckoutTree(top).read("none/file") is None


def test_a_link_is_not_followed(top: Path) -> None:
    """Neither as the file nor as a folder on the way."""
    (top / "package.json").symlink_to("../secret")
    (top / "link").symlink_to("folder")
    tree = CheckoutTree(top)
    with pytest.raises(UnreadableError, match="symbolic link"):
        tree.read("package.json")
    with pytest.raises(UnreadableError, match="symbolic link"):
        tree.read("link/file")
    assert not tree.has_file("package.json")
    assert not tree.has_folder("link")
    assert tree.names("link") == []


def test_a_pipe_does_not_block(top: Path) -> None:
    """A FIFO without a writer is refused at once."""
    os.mkfifo(top / "package.json")
    with pytest.raises(UnreadableError, match="not a plain file"):
        CheckoutTree(top).read("package.json")


def test_a_huge_file_is_refused(top: Path) -> None:
    """Ten sparse gigabytes are not read."""
    with (top / "package.json").open("wb") as file:
        file.truncate(10 * 1024**3)
    with pytest.raises(UnreadableError, match="larger than"):
        CheckoutTree(top).read("package.json")


@pytest.mark.parametrize("path", ["../secret", "folder/../../secret", "/secret", "folder/file\0"])
def test_no_path_leaves_the_top(top: Path, path: str) -> None:
    """A path with `..` or from the root finds nothing."""
    assert CheckoutTree(top).read(path) is None
    assert not CheckoutTree(top).has_file(path)


def test_folders_and_names(top: Path) -> None:
    """The empty path is the top itself."""
    tree = CheckoutTree(top)
    assert tree.has_folder("")
    assert tree.has_folder("folder")
    assert not tree.has_folder("folder/file")
    assert tree.has_file("folder/file")
    assert tree.names("") == ["folder"]


def test_a_top_that_became_a_link_has_nothing(top: Path, tmp_path: Path) -> None:
    """A build may replace its own checkout by a link to the machine's files."""
    (tmp_path / "replaced").symlink_to(top)
    tree = CheckoutTree(tmp_path / "replaced")
    assert not tree.has_file("folder/file")
    assert tree.names("") == []
    with pytest.raises(UnreadableError):
        tree.read("folder/file")
