"""Unpacking packages that a tenant's build has made."""

import contextlib
import io
import stat
import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.functions.archive import unpack
from battleshiper.platform.model.function import FunctionFailedError


def zipped(files: dict[str, bytes], kinds: dict[str, int] | None = None) -> bytes:
    """Make a zip with an index.mjs and more; `kinds` are Unix modes by name."""
    package = io.BytesIO()
    with ZipFile(package, "w", ZIP_DEFLATED) as archive:
        for name, content in {"index.mjs": b"// entry", **files}.items():
            entry = ZipInfo(name)
            entry.external_attr = (kinds or {}).get(name, 0o100644) << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return package.getvalue()


def test_files_are_for_everybody_to_read_and_for_nobody_to_write(tmp_path: Path) -> None:
    """The modes in the archive do not matter, so nothing is executable, hidden from the sandbox, or set-user-ID."""
    unpack(zipped({"chunks/deep/a.mjs": b"a"}, {"chunks/deep/a.mjs": 0o104777}), tmp_path)
    assert (tmp_path / "chunks/deep/a.mjs").read_bytes() == b"a"
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "a/../../evil", "a//b", "./a", "a\\..\\evil", "a/./b", "evil/..", "x" * 300, "a\0b"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written outside the folder, and the message names the place."""
    target = tmp_path / "target"
    target.mkdir()
    stand_in = "_" * len(name)
    # The library would mend some of these names while writing.
    package = zipped({stand_in: b"evil"}).replace(stand_in.encode(), name.encode())
    with pytest.raises(FunctionFailedError, match="is no place for a file"):
        unpack(package, target)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: int) -> None:
    """Links and special files do not get in."""
    with pytest.raises(FunctionFailedError, match="'link' is not a regular file"):
        unpack(zipped({"link": b"/etc/passwd"}, {"link": kind | 0o777}), tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """The limit counts for what is written, all files together."""
    package = zipped({f"{number}": bytes(600) for number in range(3)})
    with pytest.raises(FunctionFailedError, match="too large"):
        unpack(package, tmp_path, max_bytes=1500)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1500


def test_a_size_that_lies_does_not_help_a_bomb(tmp_path: Path) -> None:
    """What the archive says about a file's size is not believed."""
    size = 5_000_000
    package = zipped({"bomb": bytes(size)}).replace(struct.pack("<I", size), struct.pack("<I", 10))
    with pytest.raises(FunctionFailedError):
        unpack(package, tmp_path, max_bytes=100_000)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100_000


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """Inodes are limited too."""
    with pytest.raises(FunctionFailedError, match="4 files and may have 3"):
        unpack(zipped({"a": b"", "b": b"", "c": b""}), tmp_path, max_files=3)


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("index.mjs/a", "b")])
def test_files_in_each_others_way_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    """A file cannot be a folder too."""
    with pytest.raises(FunctionFailedError, match="in the way"):
        unpack(zipped(dict.fromkeys(names, b"x")), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_for_two_files_is_refused(tmp_path: Path) -> None:
    """Nobody may check one file and run another."""
    package = io.BytesIO()
    with ZipFile(package, "w") as archive:
        archive.writestr("index.mjs", "one")
        archive.writestr("index.mjs", "two")
    with pytest.raises(FunctionFailedError, match="in the way"):
        unpack(package.getvalue(), tmp_path)


def test_without_an_entry_there_is_no_function(tmp_path: Path) -> None:
    """It must lie at the top."""
    package = io.BytesIO()
    with ZipFile(package, "w") as archive:
        archive.writestr("dist/index.mjs", "")
    with pytest.raises(FunctionFailedError, match=r"no index\.mjs at its top"):
        unpack(package.getvalue(), tmp_path)


@given(st.data())
def test_damage_is_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever the bytes are, they unpack below the folder or are refused as a package."""
    whole = bytearray(zipped({"chunks/a.mjs": b"some code, again and again, again and again"}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    package = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    target = tmp_path_factory.mktemp("unpack") / "target"
    target.mkdir()
    with contextlib.suppress(FunctionFailedError):
        unpack(package, target)
    assert [path.name for path in target.parent.iterdir()] == ["target"]
