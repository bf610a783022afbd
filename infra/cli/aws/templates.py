"""Where `diff` and `deploy` get their templates from."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battleshiper.infra.cli.failure import CommandError

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
    from battleshiper.infra.aws.stack.options import Options

FOLDER = Path(".cache/aws/cdk.out")
Assembly = Annotated[
    Path | None, typer.Option("--assembly", help="Take the templates in this folder, which `synth` made.")
]


def given_stacks(options: "Options", folder: Path) -> "tuple[PlannedStack, ...]":
    """Return the stacks of a folder. Raises OperationError, and CommandError where they are for another region."""
    from battleshiper.infra.aws.operation.account import clients_in, read_account
    from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
    from battleshiper.infra.aws.stack.names import STACK

    stacks = read_assembly(folder.absolute(), read_account(clients_in(options.region)))
    for stack in stacks:
        if stack.name == STACK and stack.region != options.region:
            raise CommandError(
                f"The templates in {folder} are for {stack.region}, and the options say {options.region}.",
                f"Set AWS_REGION to {stack.region}, or make the templates again: battleshiper aws synth",
            )
    return stacks


def made_stacks(options: "Options", tell: Callable[[str], None]) -> "tuple[PlannedStack, ...]":
    """Return the stacks of templates made now. Raises OperationError and OptionsError."""
    from battleshiper.infra.aws.operation.stacks.synthesis import synthesise

    tell("Making the templates and the functions' packages, which takes about a minute")
    return given_stacks(options, synthesise(options, FOLDER.absolute()).folder)
