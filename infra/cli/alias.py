"""The `alias` command: hostnames that a project holds beside its own."""

from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True, help="Give a project further hostnames.")

_Project = Annotated[str, typer.Argument(help="The project's name.")]
_Alias = Annotated[str, typer.Argument(help="The hostname's first part, such as spring-sale.")]


@group.command("list")
def list_aliases(project: _Project, *, json: AsJson = False) -> None:
    """List the aliases that a project holds."""
    found = _client().get(_path(project))
    if json:
        print_json(found)
        return
    rows = [(f"[bold]{each['alias']}[/bold]", plain(_shows(each)), each["url"], age(each["held_at"])) for each in found]
    print_table(("ALIAS", "SHOWS", "URL", "HELD"), rows, empty=f"No alias yet: battleshiper alias add {project} NAME")


@group.command("add")
def add_alias(
    project: _Project,
    alias: _Alias,
    *,
    branch: Annotated[str | None, typer.Option(help="Show what this branch does, not the production site.")] = None,
    json: AsJson = False,
) -> None:
    """Hold a hostname, or let one that is held show something else. No other project can hold it meanwhile."""
    held = _client().put(f"{_path(project)}/{quote(alias, safe='')}", "", **({"branch": branch} if branch else {}))
    if json:
        print_json(held)
        return
    console().print(f"[bold]{held['url']}[/bold] shows {plain(_shows(held))} of {plain(project)}.")


@group.command("remove")
def remove_alias(project: _Project, alias: _Alias, *, json: AsJson = False) -> None:
    """Release a hostname: it shows nothing from now on, and anybody may hold it."""
    released = _client().delete(f"{_path(project)}/{quote(alias, safe='')}")
    if json:
        print_json(released)
        return
    console().print(f"[bold]{plain(alias)}[/bold] is released.")


def _client() -> Client:
    return Client.for_settings(settings_from_environment())


def _path(project: str) -> str:
    return f"/projects/{quote(project, safe='')}/aliases"


def _shows(alias: dict[str, str | None]) -> str:
    return f"the branch {alias['branch']}" if alias["branch"] else "production"
