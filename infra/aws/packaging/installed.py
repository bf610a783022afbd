"""Libraries as they are installed beside this program, to run a package's content on this machine: Lambda's wheels are
for another processor."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from battleshiper.infra.aws.packaging.archive import lay_out

_PINNED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def lay_out_installed(requirements: Path, folder: Path) -> None:
    """Copy what a file of pinned requirements names to a folder, as an installer would have put it there. What is only
    needed on another Python or platform, and so is not installed, is left out."""
    for name in _PINNED.findall(requirements.read_text(encoding="utf-8")):
        try:
            lay_out(_files(distribution(name)), folder)
        except PackageNotFoundError:
            continue


def _files(installed: Distribution) -> list[tuple[str, Path]]:
    files = [(str(file), Path(str(file.locate()))) for file in installed.files or ()]
    # Programs are installed beside the folder of the libraries, not in it.
    return [(name, path) for name, path in files if not name.startswith("..") and path.is_file()]
