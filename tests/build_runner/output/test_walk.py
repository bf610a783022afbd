"""Looking through output that may be anything."""

import os
import socket
from pathlib import Path

import pytest

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.walk import FoundFile, Walk, digest, read_chunks
from battleshiper.platform.model.result import FailureCode


def walk(top: Path, **limits: int) -> list[FoundFile]:
    return Walk(top, **{"files": 100, "file_bytes": 1000, **limits}).found("dist")


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    return folder


def test_files_are_found_in_order(tmp_path: Path, dist: Path) -> None:
    """By path, so that the same output has the same manifest."""
    for name in ("b", "a/z", "a.b"):
        (dist / name).parent.mkdir(exist_ok=True)
        (dist / name).write_text("text")
    assert walk(tmp_path) == [FoundFile("a.b", 4), FoundFile("a/z", 4), FoundFile("b", 4)]


def make_hard_link(dist: Path) -> None:
    (dist.parent / "outside").write_text("x")
    os.link(dist.parent / "outside", dist / "thing")


def make_socket(dist: Path) -> None:
    here = Path.cwd()
    os.chdir(dist)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("thing")
    os.chdir(here)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda dist: (dist / "thing").symlink_to("/etc/passwd"), "symbolic link"),
        (lambda dist: (dist / "thing").symlink_to("nowhere"), "symbolic link"),
        (make_hard_link, "hard link"),
        (lambda dist: os.mkfifo(dist / "thing"), "named pipe"),
        (make_socket, "socket"),
        (lambda dist: (dist / "thing").write_bytes(b"x" * 1001), "larger than"),
    ],
)
def test_what_is_no_plain_file_is_refused_by_name(tmp_path: Path, dist: Path, make: object, why: str) -> None:
    """Links, hard links, pipes, sockets and giants, each with what to do."""
    make(dist)  # type: ignore[operator]
    with pytest.raises(BuildError, match=f"'thing' cannot be published: .*{why}") as caught:
        walk(tmp_path)
    assert caught.value.code is FailureCode.OUTPUT


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes devices")
def test_a_device_is_refused(tmp_path: Path, dist: Path) -> None:
    """A device node is never opened."""
    os.mknod(dist / "thing", 0o20666, os.makedev(1, 5))
    with pytest.raises(BuildError, match="a device"):
        walk(tmp_path)


@pytest.mark.parametrize("name", ["a\\b", "a\nb", os.fsdecode(b"a\xff")])
def test_names_that_break_the_rules_are_refused(tmp_path: Path, dist: Path, name: str) -> None:
    """Also names that are not text at all."""
    (dist / name).write_text("x")
    with pytest.raises(BuildError, match="rename the file"):
        walk(tmp_path)


def test_too_many_files_are_refused(tmp_path: Path, dist: Path) -> None:
    """The walk stops at the limit instead of finding out how many there are."""
    for number in range(6):
        (dist / str(number)).touch()
    with pytest.raises(BuildError, match="more than 5 files"):
        walk(tmp_path, files=5)


def test_folders_nested_without_end_are_refused(tmp_path: Path, dist: Path) -> None:
    """Neither recursion nor descriptors run out."""
    deep = dist
    for _ in range(102):
        deep = deep / "d"
        deep.mkdir()
    with pytest.raises(BuildError, match="folders deep"):
        walk(tmp_path)


def test_a_file_that_changed_is_noticed(tmp_path: Path, dist: Path) -> None:
    """Neither shorter nor longer content passes for what was listed."""
    (dist / "a").write_text("four")
    for size in (3, 5):
        with pytest.raises(BuildError, match="changed"):
            list(read_chunks(tmp_path, "dist/a", size))
    assert digest(tmp_path, "dist/a", 4) == "04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00"
