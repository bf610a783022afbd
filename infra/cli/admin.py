"""The `admin` command: who runs the platform besides its operator."""

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True)


@group.callback()
def admin() -> None:
    """Say who else runs the platform."""


@group.command()
def invite(*, json: AsJson = False) -> None:
    """Print a link that makes whoever opens it first, and signs in, an administrator. It is good once, for a day."""
    answer = Client.for_settings(settings_from_environment()).post("/invitations")
    if json:
        print_json(answer)
        return
    out = console()
    out.print("Whoever opens this link first, and signs in, administers the platform. It is good once, for a day:")
    out.print(f"  [bold]{answer['url']}[/bold]", soft_wrap=True)
