"""The rules for paths in a build's output."""

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.manifest import (
    FUNCTION_PACKAGE,
    MAX_NAME_BYTES,
    MAX_PATH_BYTES,
    Manifest,
    ManifestFile,
    PathRefusedError,
    check_path,
    check_paths,
)

PIECES = ["a", "..", ".", "/", "\\", "\x00", "\n", "é", "🚀", "\ud800", "%2e", " ", "-", "~"]


def manifest(*files: tuple[str, int]) -> Manifest:
    """Return a manifest of these paths and sizes."""
    return Manifest(
        files=tuple(
            ManifestFile(path=path, bytes=size, sha256="0" * 64, content_type="text/plain") for path, size in files
        )
    )


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "client/_app/immutable/x.123.js",
        "client/[slug].html",
        "client/a b.txt",
        "client/日本.html",
        "client/...",
        "client/.well-known/security.txt",
        "client/%2e%2e/x",
        "client/-rf",
        "client/$(id)",
        "client/" + "n" * MAX_NAME_BYTES,
    ],
)
def test_good_paths(path: str) -> None:
    """Odd names are fine as long as they are names."""
    check_path(path)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "relative"),
        ("/etc/passwd", "relative"),
        ("..", "'..'"),
        ("../x", "'..'"),
        ("client/../x", "'..'"),
        ("client/..", "'..'"),
        ("./x", "'.'"),
        ("client//x", "empty"),
        ("client/", "empty"),
        ("client\\x", "backslash"),
        ("client/a\nb", "control"),
        ("client/a\x00b", "control"),
        ("client/a\x85b", "control"),
        ("client/\ud800", "broken"),
        ("client/" + "n" * (MAX_NAME_BYTES + 1), "shorten"),
        ("client/" + "é" * 128, "shorten"),
        ("/".join(["n" * 200] * 5), "shorten"),
    ],
)
def test_bad_paths(path: str, why: str) -> None:
    """Each bad path is refused by name, with what is wrong."""
    with pytest.raises(PathRefusedError, match=why) as caught:
        check_path(path)
    assert caught.value.path == path
    assert repr(path) in str(caught.value)


@given(path=st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text())
def test_a_path_that_passes_stays_where_it_belongs(path: str) -> None:
    """Whatever passes lies below the folder it is joined to, is written as it is, and fits a key."""
    try:
        check_path(path)
    except PathRefusedError:
        return
    joined = os.path.normpath(Path("/root/of/site") / path)
    assert joined == f"/root/of/site/{path}"
    assert str(PurePosixPath(path)) == path
    assert len(path.encode()) <= MAX_PATH_BYTES


@pytest.mark.parametrize(
    "pair",
    [
        ("client/A.js", "client/a.js"),
        ("client/straße", "client/STRASSE"),
        ("client/é", "client/e\u0301"),
    ],
)
def test_paths_that_some_disks_take_for_one(pair: tuple[str, str]) -> None:
    """Two files must not become one where case or Unicode form does not count."""
    with pytest.raises(PathRefusedError):
        check_paths(pair)


def test_paths_that_differ() -> None:
    """Different files pass together, and a path may be checked twice."""
    check_paths(["client/a", "client/b", "client/a/c", "client/a"])


def test_the_function_is_told_from_the_files() -> None:
    """A manifest knows its function, its files and their weight."""
    made = manifest(("client/a", 1), (FUNCTION_PACKAGE, 10), ("prerendered/b.html", 100))
    assert made.function is not None
    assert made.function.path == FUNCTION_PACKAGE
    assert [file.path for file in made.static] == ["client/a", "prerendered/b.html"]
    assert made.total_bytes == 111
    assert manifest(("client/a", 1)).function is None
