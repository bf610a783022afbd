"""The packages of our Lambda functions, made without Docker: libraries in Lambda's wheels, our code, bytecode."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from battleshiper.infra.aws.packaging.archive import lay_out, write_archive
from battleshiper.infra.aws.packaging.bytecode import compile_folder, find_python
from battleshiper.infra.aws.packaging.contents import GITHUB_ONLY, NOT_ON_LAMBDA, library_files, our_files
from battleshiper.infra.aws.packaging.libraries import bring_libraries
from battleshiper.infra.aws.stack.shapes import Package

ROOT = Path(__file__).resolve().parents[3]
"""The checkout."""
REQUIREMENTS = ROOT / "requirements" / "aws.txt"
CACHE = ROOT / ".cache" / "aws"
_LEFT_OUT: Mapping[Package, tuple[str, ...]] = {
    Package.PLAIN: (*NOT_ON_LAMBDA, *GITHUB_ONLY),
    Package.GITHUB: tuple(NOT_ON_LAMBDA),
}


@dataclass(frozen=True, slots=True)
class Packages:
    """What was made."""

    paths: Mapping[Package, Path]
    are_compiled: bool
    """Whether they hold bytecode. Without it they work, and every start of a function takes a second more or so."""


def build_packages(into: Path, libraries: Path | None = None, root: Path = ROOT) -> Packages:
    """Make all packages in a folder. The same sources and libraries make the same bytes.

    `libraries` is a folder with the libraries; they are brought where there is none. Raises LibrariesError.
    """
    libraries = libraries or bring_libraries(REQUIREMENTS, CACHE / "libraries")
    python = find_python()
    into.mkdir(parents=True, exist_ok=True)
    paths = {package: _build(package, into, libraries, root, python) for package in Package}
    return Packages(paths, python is not None)


def lay_out_package(package: Package, folder: Path, libraries: Path, python: str | None, root: Path = ROOT) -> None:
    """Put what is in a package into a folder, compiled for `python` where there is one."""
    files = (*library_files(libraries, _LEFT_OUT[package]), *our_files(root))
    lay_out(((each.name, each.path) for each in files), folder)
    if python is not None:
        compile_folder(python, folder)


def _build(package: Package, into: Path, libraries: Path, root: Path, python: str | None) -> Path:
    archive = into / f"{package}.zip"
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / package
        lay_out_package(package, folder, libraries, python, root)
        write_archive(folder, archive)
    return archive
