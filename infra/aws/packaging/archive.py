"""Zips whose bytes say nothing but what is in them."""

import shutil
import stat
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip knows."""
_MODE = stat.S_IFREG | 0o644


def write_archive(folder: Path, archive: Path) -> None:
    """Put all files below a folder into a zip: the same files make the same bytes, whenever and by whom."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as zipped:
        for path, name in sorted((path, name) for path, name in _named(folder)):
            entry = ZipInfo(name, _TIME)
            entry.external_attr = _MODE << 16
            entry.create_system = 3  # Unix, also where it is not
            entry.compress_type = ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes(), compresslevel=9)


def lay_out(files: Iterable[tuple[str, Path]], folder: Path) -> None:
    """Copy files to their names below a folder."""
    for name, path in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _named(folder: Path) -> Iterable[tuple[Path, str]]:
    return ((path, path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())
