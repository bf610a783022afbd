"""A function's package as Lambda takes it: the build's own files, and what runs them there."""

import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from battleshiper.platform.functions.archive import list_files, refusal
from battleshiper.platform.functions.node import VERSION_BYTES, VERSION_FILE, read_version

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What runs a package on Lambda: files by their names in the zip, and the handler among them."""

    files: Mapping[str, bytes]
    handler: str


@dataclass(frozen=True, slots=True)
class LambdaPackage:
    """A zip, and the version of Node that built it, where that is known."""

    zip: bytes
    built_with: str | None

    @property
    def sha256(self) -> str:
        """The zip's sha256 as Lambda writes it: in base64."""
        return b64encode(sha256(self.zip).digest()).decode()


def lambda_package(package: bytes, bootstrap: Bootstrap) -> LambdaPackage:
    """Return the package with the bootstrap in it. The same arguments make the same bytes.

    Raises FunctionFailedError for what is no package, or one with a file twice or where the bootstrap goes.
    """
    whole = BytesIO(package)
    try:
        with ZipFile(whole, "a", ZIP_DEFLATED) as archive:
            files = dict(list_files(archive))
            if len(files) != len(archive.namelist()) - sum(entry.is_dir() for entry in archive.infolist()):
                raise refusal("it has a file twice.")
            if taken := files.keys() & {PurePosixPath(name) for name in bootstrap.files}:
                raise refusal(f"{str(min(taken))!r} is where the platform's own file goes.")
            built_with = _built_with(archive, files.get(PurePosixPath(VERSION_FILE)))
            for entry in files.values():
                # On Lambda the files are another user's. The archive's directory is written again below, with these.
                entry.create_system, entry.external_attr = _UNIX, _READABLE
            for name, content in sorted(bootstrap.files.items()):
                entry = ZipInfo(name, _EPOCH)
                entry.create_system, entry.external_attr, entry.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
                archive.writestr(entry, content)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, UnicodeError, zlib.error) as error:
        raise refusal(f"it cannot be read ({error}).") from error
    return LambdaPackage(whole.getvalue(), built_with)


def _built_with(archive: ZipFile, entry: ZipInfo | None) -> str | None:
    if entry is None:
        return None
    with archive.open(entry) as note:
        return read_version(note.read(VERSION_BYTES))
