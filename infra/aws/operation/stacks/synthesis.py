"""The stack's templates and what they deploy, made on this machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.stack.options import Options

if TYPE_CHECKING:
    from battleshiper.infra.aws.stack.app import Parts

_INSTALL = "In the checkout, type: .venv/bin/python -m pip install --no-deps --require-hashes -r requirements/cdk.txt"


@dataclass(frozen=True, slots=True)
class Assembly:
    """A folder that the CDK's command deploys."""

    folder: Path
    resources: Mapping[str, int]
    """How many resources each stack has, by its name."""


def synthesise(options: Options, folder: Path) -> Assembly:
    """Make the functions' packages and the templates; takes about a minute, and asks nothing of AWS.

    Raises OperationError where the CDK is not installed or the packages cannot be made, and OptionsError.
    """
    require_cdk()
    from battleshiper.infra.aws.packaging.image import lay_out_image
    from battleshiper.infra.aws.packaging.libraries import LibrariesError
    from battleshiper.infra.aws.packaging.packages import CACHE, ROOT, build_packages
    from battleshiper.infra.aws.stack.app import Parts
    from battleshiper.infra.aws.stack.domains import domains_of

    domains_of(options)
    try:
        packages = build_packages(CACHE / "packages")
    except LibrariesError as error:
        raise OperationError(str(error), "Is the Python package registry reachable?") from error
    return assemble(options, Parts(packages.paths, lay_out_image(ROOT, CACHE / "image")), folder)


def assemble(options: Options, parts: "Parts", folder: Path) -> Assembly:
    """Write the templates into a folder; raises OptionsError."""
    from battleshiper.infra.aws.stack.app import build_app

    cloud = build_app(options, parts, str(folder)).synth()
    templates = {stack.stack_name: Path(stack.template_full_path) for stack in cloud.stacks}
    return Assembly(folder, {name: len(json.loads(path.read_text())["Resources"]) for name, path in templates.items()})


def require_cdk() -> None:
    """Raise OperationError where the CDK is not installed."""
    try:
        import aws_cdk
        import cdk_nag  # noqa: F401 - both are asked for together
    except ModuleNotFoundError as error:
        raise OperationError(f"{error.name} is not installed, which makes the templates.", _INSTALL) from error
    del aws_cdk
