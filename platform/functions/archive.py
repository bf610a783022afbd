"""Unpacking a function's package, which the tenant's build has made."""

import os
import stat
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from battleshiper.platform.model.function import FunctionFailedError

_ENTRY = "index.mjs"
_CHUNK_BYTES = 1024**2
_MAX_FILES = 20_000


def unpack(package: bytes, target: Path, *, max_bytes: int = 512 * 1024**2, max_files: int = _MAX_FILES) -> None:
    """Write the package's files below `target`, a new folder, readable for everybody and writable for nobody else,
    so that they survive a power cut.

    Raises FunctionFailedError for what is no package, would write anywhere else, or is larger than the limits.
    """
    try:
        with ZipFile(BytesIO(package)) as archive:
            files = list_files(archive, max_files=max_files)
            left = max_bytes
            for place, entry in files:
                left -= _write(archive, entry, target, place, left)
            for folder in {target.joinpath(parent) for place, _ in files for parent in place.parents}:
                sync_folder(folder)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, UnicodeError, zlib.error) as error:
        raise refusal(f"it cannot be unpacked ({error}).") from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise refusal("one of its files stands in the way of another.") from error


def list_files(archive: ZipFile, *, max_files: int = _MAX_FILES) -> list[tuple[PurePosixPath, ZipInfo]]:
    """Return a package's files and their places, which are all below its top; raises FunctionFailedError for a package
    that has others, too many, or no `index.mjs`."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > max_files:
        raise refusal(f"it has {len(entries):,} files and may have {max_files:,}.")
    files = [(_place(entry), entry) for entry in entries]
    if PurePosixPath(_ENTRY) not in (place for place, _ in files):
        raise refusal(f"it has no {_ENTRY} at its top.")
    return files


def refusal(why: str) -> FunctionFailedError:
    """Return the error that refuses a package."""
    return FunctionFailedError(f"The function's package was refused: {why}")


def _place(entry: ZipInfo) -> PurePosixPath:
    # The name as it stands in the archive: `filename` has already lost what follows a NUL.
    name = entry.orig_filename
    parts = name.split("/")
    if "\\" in name or "\0" in name or any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts):
        raise refusal(f"{name[:200]!r} is no place for a file.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise refusal(f"{name[:200]!r} is not a regular file.")
    return PurePosixPath(*parts)


def _write(archive: ZipFile, entry: ZipInfo, target: Path, place: PurePosixPath, left: int) -> int:
    path = target.joinpath(place)
    _make_folders(target, place)
    written = 0
    with archive.open(entry) as source, path.open("xb") as file:
        # What the archive says about a file's size is not believed.
        while chunk := source.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > left:
                raise refusal("it is too large when it is unpacked.")
            file.write(chunk)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
    return written


def _make_folders(target: Path, place: PurePosixPath) -> None:
    for parent in [*reversed(place.parents)][1:]:
        folder = target / parent
        if not folder.is_dir():
            folder.mkdir()
            folder.chmod(0o755)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
