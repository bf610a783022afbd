"""The packages of our functions as the emulator runs them: with what Lambda gets, built for this machine."""

import sys
from collections.abc import Mapping
from pathlib import Path
from sysconfig import get_path

from battleshiper.infra.aws.packaging.contents import distribution_name
from battleshiper.infra.aws.packaging.packages import REQUIREMENTS, build_packages
from battleshiper.infra.aws.stack.shapes import Package


def packages_for_this_machine(into: Path) -> Mapping[Package, Path]:
    """Make the packages of the libraries that are installed here."""
    lines = REQUIREMENTS.read_text().splitlines()
    pinned = {line.partition("==")[0] for line in lines if line[:1].isalnum()}
    installed = Path(get_path("purelib"))
    others = {distribution_name(each) for each in installed.glob("*.dist-info")} - pinned
    return build_packages(into, installed, left_out=tuple(others), python=sys.executable).paths
