"""The function's package: the same files make the same bytes, wherever and whenever they are packed."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.walk import FoundFile, read_chunks
from battleshiper.platform.model.result import FailureCode

ENTRY = "index.mjs"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold."""
_MODE = 0o100644 << 16
_UNIX = 3


def pack_function(top: Path, folder: str, files: Sequence[FoundFile], target: Path, limit: int) -> None:
    """Write the files of `folder` below `top` into a zip; raises BuildError (OUTPUT) without an entry or above
    `limit` bytes."""
    if not any(file.path == ENTRY for file in files):
        raise BuildError(
            FailureCode.OUTPUT,
            f"The server function has no {ENTRY}.",
            "Use the adapter that Battleshiper brings, without a copy of your own.",
        )
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as package:
        for file in sorted(files, key=lambda file: file.path):
            entry = ZipInfo(file.path, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = _MODE
            entry.create_system = _UNIX
            entry.file_size = file.bytes
            with package.open(entry, "w") as member:
                for chunk in read_chunks(top, f"{folder}/{file.path}", file.bytes):
                    member.write(chunk)
            if target.stat().st_size > limit:
                raise BuildError(
                    FailureCode.OUTPUT,
                    f"The packed server function is larger than {limit // 1024**2:,} MiB.",
                    "Move large files out of the server code, or load fewer packages in it.",
                )
