"""What a project keeps, seen from the folder it is kept in."""

import io
import os
from pathlib import Path

from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.project_cache import CacheLimits, ProjectCache

UID = os.getuid()
PARTS = {"modules": "site/node_modules", "downloads": "cache"}


class OneBuild:
    """A build's folder and its view of the cache."""

    def __init__(self, tmp_path: Path, name: str, project: str = "p", limits: CacheLimits | None = None) -> None:
        self.output = io.BytesIO()
        self.top = tmp_path / name / "build"
        (self.top / "site").mkdir(parents=True)
        scratch = tmp_path / name / "private"
        folder = tmp_path / "projects"
        log = BuildLog(self.output)
        self.cache = ProjectCache(folder, project, "production", scratch, log, limits or CacheLimits())
        self.cache.take()

    def install(self, text: str = "x") -> None:
        for part in PARTS.values():
            (self.top / part).mkdir()
            (self.top / part / "file").write_text(text)

    def restore(self, part: str, owner: int = UID) -> bool:
        return self.cache.restore(part, self.top, PARTS[part], owner)

    def keep(self, fingerprint: str = "f") -> None:
        self.cache.keep(fingerprint, PARTS, self.top)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """With its fingerprint, at the same places."""
    first = OneBuild(tmp_path, "1")
    assert first.cache.fingerprint == ""
    assert not first.restore("modules")
    first.install("kept")
    first.keep()
    second = OneBuild(tmp_path, "2")
    assert second.cache.fingerprint == "f"
    assert second.restore("modules")
    assert second.restore("downloads")
    assert (second.top / "site" / "node_modules" / "file").read_text() == "kept"


def test_two_builds_never_share_files(tmp_path: Path) -> None:
    """The second of two builds at a time starts without; the one that ends last is kept."""
    first = OneBuild(tmp_path, "1")
    first.install("one")
    first.keep()
    second, third = OneBuild(tmp_path, "2"), OneBuild(tmp_path, "3")
    assert second.restore("modules")
    assert not third.restore("modules")
    third.install("three")
    third.keep()
    (second.top / "cache").mkdir()
    second.keep()
    last = OneBuild(tmp_path, "4")
    assert last.restore("modules")
    assert (last.top / "site" / "node_modules" / "file").read_text() == "one"
    assert not list((tmp_path / "projects").glob(".trash-*"))


def test_links_are_neither_kept_nor_followed(tmp_path: Path) -> None:
    """A build that replaces its packages, or the folder around them, by a link leaves nothing."""
    (tmp_path / "victim" / "node_modules").mkdir(parents=True)
    first = OneBuild(tmp_path, "1")
    (first.top / "site").rmdir()
    (first.top / "site").symlink_to(tmp_path / "victim")
    (first.top / "cache").symlink_to(tmp_path / "victim")
    first.keep()
    assert (tmp_path / "victim" / "node_modules").is_dir()
    second = OneBuild(tmp_path, "2")
    assert not second.restore("modules")
    assert not second.restore("downloads")


def test_what_the_repository_has_is_not_replaced(tmp_path: Path) -> None:
    """A checkout with a node_modules of its own, or a link at its place, keeps it."""
    first = OneBuild(tmp_path, "1")
    first.install()
    first.keep()
    second = OneBuild(tmp_path, "2")
    (second.top / "site" / "node_modules").symlink_to("elsewhere")
    assert not second.restore("modules")
    assert (second.top / "site" / "node_modules").is_symlink()


def test_parts_of_another_user_are_left(tmp_path: Path) -> None:
    """After a change of the sandbox's user its programs could not write to them."""
    first = OneBuild(tmp_path, "1")
    first.install()
    first.keep()
    assert not OneBuild(tmp_path, "2").restore("modules", owner=UID + 1)


def test_a_cache_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    """The part that does not fit goes, and the log says so."""
    limits = CacheLimits(project_bytes=64 * 1024)
    first = OneBuild(tmp_path, "1", limits=limits)
    first.install()
    (first.top / "cache" / "big").write_bytes(b"x" * 100_000)
    first.keep()
    assert b"cache is too large to be kept" in first.output.getvalue()
    second = OneBuild(tmp_path, "2")
    assert second.restore("modules")
    assert not second.restore("downloads")


def test_the_caches_unused_for_longest_go(tmp_path: Path) -> None:
    """All together stay within their limit."""
    limits = CacheLimits(total_bytes=100_000)
    for number, project in enumerate(["old", "middle", "new"]):
        build = OneBuild(tmp_path, project, project, limits)
        build.install("x" * 30_000)
        build.keep()
        for record in (tmp_path / "projects" / project).glob("*/record.json"):
            os.utime(record, (number, number))
    last = OneBuild(tmp_path, "last", "last", limits)
    last.install()
    last.keep()
    assert sorted(path.parent.name for path in (tmp_path / "projects").glob("*/*/")) == ["last", "new"]


def test_a_broken_record_is_no_cache(tmp_path: Path) -> None:
    """A crash while writing costs a slower build, not a failed one."""
    first = OneBuild(tmp_path, "1")
    first.install()
    first.keep()
    (tmp_path / "projects" / "p" / "production" / "record.json").write_text("{")
    second = OneBuild(tmp_path, "2")
    assert second.cache.fingerprint == ""
    second.install()
    second.keep()
    assert OneBuild(tmp_path, "3").restore("modules")
