"""The packages of our functions as the emulator runs them: with what Lambda gets, built for this machine."""

import sys
from collections.abc import Mapping
from pathlib import Path

from battleshiper.infra.aws.packaging.archive import write_archive
from battleshiper.infra.aws.packaging.installed import lay_out_installed
from battleshiper.infra.aws.packaging.packages import REQUIREMENTS, lay_out_package
from battleshiper.infra.aws.stack.shapes import Package


def packages_for_this_machine(into: Path) -> Mapping[Package, Path]:
    """Make the packages of the libraries that are installed here."""
    lay_out_installed(REQUIREMENTS, into / "libraries")
    paths = {package: into / f"{package}.zip" for package in Package}
    for package, path in paths.items():
        lay_out_package(package, into / package, into / "libraries", sys.executable)
        write_archive(into / package, path)
    return paths
