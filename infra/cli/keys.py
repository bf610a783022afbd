"""The `keys` command: the keys that the platform signs its tickets with."""

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True)


@group.callback()
def keys() -> None:
    """Change the key that the platform signs its tickets with."""


@group.command()
def rotate(*, json: AsJson = False) -> None:
    """Sign with a fresh key from now on. The platform does so by itself every 30 days; nothing under way is lost."""
    answer = Client.for_settings(settings_from_environment()).post("/keys/rotate")
    if json:
        print_json(answer)
        return
    out = console()
    out.print(f"New tickets are signed with key [bold]{answer['signing']}[/bold].")
    for key in answer["verifying"]:
        out.print(f"  Tickets of {key['key']} are good until {key['until']}.")
