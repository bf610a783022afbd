"""Where `diff` and `deploy` get their templates from."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
    from battleshiper.infra.aws.stack.options import Options

FOLDER = Path(".cache/aws/cdk.out")
Assembly = Annotated[
    Path | None, typer.Option("--assembly", help="Take the templates in this folder, which `synth` made.")
]


def planned_stacks(options: "Options", assembly: Path | None, tell: Callable[[str], None]) -> "list[PlannedStack]":
    """Return the stacks of a folder, or of templates made now. Raises OperationError and OptionsError."""
    from battleshiper.infra.aws.operation.account import clients_in, read_account
    from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
    from battleshiper.infra.aws.operation.stacks.synthesis import synthesise

    account = read_account(clients_in(options.region))
    if assembly is None:
        tell("Making the templates and the functions' packages, which takes about a minute")
        assembly = synthesise(options, FOLDER.absolute()).folder
    return list(read_assembly(assembly.absolute(), account))
