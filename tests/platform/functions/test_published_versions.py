"""Published versions."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from battleshiper.platform.functions.versions import Versions
from battleshiper.platform.model.function import FunctionFailedError


def test_a_version_never_changes(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    """Publishing again gives the same reference and leaves what is there."""
    versions = Versions(tmp_path)
    first = versions.add("p1", "d1", pack("one"))
    again = versions.add("p1", "d1", pack("two"))
    assert first == again
    assert (versions.folder(first) / "index.mjs").read_text() == "one"


def test_many_may_publish_one_version_at_once(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    """All get it, whole, and nothing else is left."""
    versions = Versions(tmp_path)
    package = pack("one", {f"{number}.mjs": "x" * 1000 for number in range(50)})
    references: list[str] = []
    threads = [Thread(target=lambda: references.append(versions.add("p1", "d1", package))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 8
    assert len(set(references)) == 1
    assert len(list(versions.folder(references[0]).iterdir())) == 51
    assert [path.name for path in tmp_path.iterdir()] == ["p1"]


def test_a_refused_package_leaves_nothing(tmp_path: Path) -> None:
    """And it is not published."""
    versions = Versions(tmp_path)
    with pytest.raises(FunctionFailedError, match="cannot be unpacked"):
        versions.add("p1", "d1", b"no zip at all")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FunctionFailedError, match="no such function"):
        versions.folder("p1/d1")


def test_what_a_crash_left_is_cleaned_up(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    """Half a version is never a version; whole ones stay."""
    Versions(tmp_path).add("p1", "d1", pack("one"))
    half = tmp_path / ".unfinished-abc"
    half.mkdir()
    (half / "index.mjs").touch()
    versions = Versions(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["p1"]
    assert versions.folder("p1/d1").is_dir()


def test_removing_leaves_nothing_and_may_be_repeated(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    """Other versions of the project stay."""
    versions = Versions(tmp_path)
    for deployment in ("d1", "d2"):
        versions.add("p1", deployment, pack("one"))
    for _ in range(2):
        versions.remove("p1/d1")
    assert [path.name for path in (tmp_path / "p1").iterdir()] == ["d2"]
    versions.remove("p1/d2")
    assert list(tmp_path.iterdir()) == []


def test_the_versions_of_a_project(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    """All of one project are found, none of another, and none where there never was one."""
    versions = Versions(tmp_path)
    for project, deployment in (("p1", "d1"), ("p1", "d2"), ("p11", "d3")):
        versions.add(project, deployment, pack("one"))
    assert sorted(versions.of("p1")) == ["p1/d1", "p1/d2"]
    assert versions.of("p2") == []
    with pytest.raises(FunctionFailedError):
        versions.of("..")


@pytest.mark.parametrize(
    "reference", ["", "p1", "p1/", "/d1", "../d1", "p1/..", "p1/d1/x", ".bootstrap/local", "p1/d\n"]
)
def test_a_reference_never_leads_elsewhere(tmp_path: Path, reference: str) -> None:
    """Neither to look nor to remove."""
    versions = Versions(tmp_path / "functions")
    for action in (versions.folder, versions.remove):
        with pytest.raises(FunctionFailedError, match="is no function's reference"):
            action(reference)
