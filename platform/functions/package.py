"""Function packages: zips from machines that ran a tenant's code, unpacked with care."""

import json
import re
import stat
import zlib
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.model.manifest import PathRefusedError, check_paths

ENTRY = "index.mjs"
MAX_BYTES = 250 * 1024**2
"""Unpacked; what Lambda takes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""
MAX_FILES = 10_000
_CHUNK = 1024**2
_ENCRYPTED = 0x1
_VERSION = re.compile(r"\d{1,3}\.\d{1,5}\.\d{1,5}")


class PackageRefusedError(FunctionFailedError):
    """A package is not one that can be published; the message says why."""


def unpack(package: BinaryIO, target: Path, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES) -> None:
    """Unpack into `target`, an empty folder, as plain files that everybody may read; raises PackageRefusedError.

    What a zip says of sizes is not believed: it is counted while unpacking.
    """
    try:
        with ZipFile(package) as archive:
            files = _check(archive.infolist(), max_files)
            left = max_bytes
            for info in files:
                left = _extract(archive, info, target / info.filename, left, max_bytes)
    except PathRefusedError as error:
        raise PackageRefusedError(str(error)) from error
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise PackageRefusedError(f"The function's package is not a zip that can be read: {error}") from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise PackageRefusedError("The function's package has a file and a folder of the same name.") from error


def built_with(folder: Path) -> str | None:
    """Return the version of Node that made an unpacked package, as our adapter notes it, or None."""
    try:
        raw = (folder / "package.json").read_bytes()[:65536]
        version = json.loads(raw)["battleshiper"]["node"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else None


def _check(infos: list[ZipInfo], max_files: int) -> list[ZipInfo]:
    if len(infos) > max_files:
        raise PackageRefusedError(f"The function's package has more than {max_files:,} files.")
    files = [info for info in infos if not info.is_dir()]
    check_paths(info.filename for info in files)
    for info in files:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise PackageRefusedError(f"{info.filename!r} in the function's package is a link or a special file.")
        if info.flag_bits & _ENCRYPTED:
            raise PackageRefusedError(f"{info.filename!r} in the function's package is encrypted.")
    names = {info.filename for info in files}
    if len(names) < len(files):
        raise PackageRefusedError("The function's package has two files of the same name.")
    if ENTRY not in names:
        raise PackageRefusedError(f"The function's package has no {ENTRY}.")
    return files


def _extract(archive: ZipFile, info: ZipInfo, path: Path, left: int, max_bytes: int) -> int:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with archive.open(info) as source, path.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise PackageRefusedError(f"The function's package is larger than {max_bytes // 1024**2:,} MiB.")
            file.write(chunk)
    path.chmod(0o644)
    return left
