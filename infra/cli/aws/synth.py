"""The `aws synth` command."""

from pathlib import Path
from typing import Annotated

import typer

from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.templates import FOLDER
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json

Folder = Annotated[Path, typer.Option("--output", help="Where to write the templates.")]


def synth(*, output: Folder = FOLDER, json: AsJson = False) -> None:
    """Make the templates and the functions' packages, and ask nothing of AWS."""
    from battleshiper.infra.aws.operation.stacks.synthesis import synthesise

    options = options_from_environment()
    with told():
        made = synthesise(options, output.absolute())
    if json:
        print_json({"folder": str(made.folder), "stacks": dict(made.resources)})
        return
    for name, count in made.resources.items():
        console().print(f"[bold]{name}[/bold]  {count} resources")
    console().print(f"Templates are in {made.folder}.")
