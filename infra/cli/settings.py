"""The `settings` command: what a project is told of its build and its branches."""

import json as encoding
from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

_Text = Annotated[str | None, typer.Option(show_default=False)]


def settings(
    project: Annotated[str, typer.Argument(help="The project's name.")],
    *,
    install_command: _Text = None,
    build_command: _Text = None,
    output_directory: _Text = None,
    node_version: _Text = None,
    spa_fallback: _Text = None,
    production_branch: _Text = None,
    previews: Annotated[str | None, typer.Option(help="all, pull_requests or none.", show_default=False)] = None,
    reset: Annotated[
        list[str] | None, typer.Option(help="A setting to detect again, such as build_command; may be repeated.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show what a project is told of its build and its branches, or change it from the next deployment on."""
    given = {
        "install_command": install_command,
        "build_command": build_command,
        "output_directory": output_directory,
        "node_version": node_version,
        "spa_fallback": spa_fallback,
        "production_branch": production_branch,
        "previews": previews,
    }
    changes: dict[str, str | None] = {name: value for name, value in given.items() if value is not None}
    changes |= dict.fromkeys(reset or ())
    client = Client.for_settings(settings_from_environment())
    path = f"/projects/{quote(project, safe='')}/settings"
    kept = client.patch(path, encoding.dumps(changes)) if changes else client.get(path)
    if json:
        print_json(kept)
        return
    rows = [(f"[bold]{name}[/bold]", _value(value)) for name, value in kept.items()]
    print_table(("SETTING", "VALUE"), rows, empty="")


def _value(value: str | None) -> str:
    return "[dim]detected[/dim]" if value is None else plain(value) or "[dim]empty[/dim]"
