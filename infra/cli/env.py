"""The `env` command: a project's environment variables."""

import sys
from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True, help="Set what a project's builds are told.")

_Project = Annotated[str, typer.Argument(help="The project's name.")]
_Name = Annotated[str, typer.Argument(help="The variable's name.")]
_Preview = Annotated[bool, typer.Option("--preview", help="For the previews of all branches.")]
_Branch = Annotated[str | None, typer.Option(help="For the previews of one branch.")]


@group.command("list")
def list_variables(project: _Project, *, json: AsJson = False) -> None:
    """List a project's variables. Their values are shown to nobody."""
    found = _client().get(_path(project))
    if json:
        print_json(found)
        return
    rows = [(f"[bold]{each['name']}[/bold]", plain(each["scope"]), age(each["updated_at"])) for each in found]
    print_table(("NAME", "FOR", "SET"), rows, empty=f"No variable yet: battleshiper env set {project} NAME")


@group.command("set")
def set_variable(
    project: _Project,
    name: _Name,
    value: Annotated[str | None, typer.Argument(help="Its value; without it, what comes on standard input.")] = None,
    *,
    preview: _Preview = False,
    branch: _Branch = None,
    json: AsJson = False,
) -> None:
    """Set a variable for production, for previews or for a branch, from the next deployment on."""
    if value is None:
        value = _ask(name)
    scope = _scope(branch, preview=preview)
    kept = _client().put(f"{_path(project)}/{quote(name, safe='')}", value, scope=scope)
    if json:
        print_json(kept)
        return
    console().print(
        f"[bold]{plain(name)}[/bold] is set for {plain(scope)}. To use it now: battleshiper redeploy {project}"
    )


@group.command("remove")
def remove_variable(
    project: _Project, name: _Name, *, preview: _Preview = False, branch: _Branch = None, json: AsJson = False
) -> None:
    """Remove a variable, from the next deployment on."""
    scope = _scope(branch, preview=preview)
    gone = _client().delete(f"{_path(project)}/{quote(name, safe='')}", scope=scope)
    if json:
        print_json(gone)
        return
    console().print(f"[bold]{plain(name)}[/bold] is not set for {plain(scope)} any more.")


def _client() -> Client:
    return Client.for_settings(settings_from_environment())


def _path(project: str) -> str:
    return f"/projects/{quote(project, safe='')}/variables"


def _scope(branch: str | None, *, preview: bool) -> str:
    if branch is not None and preview:
        raise CommandError("A variable is for all previews or for one branch's.", "Give --preview or --branch.")
    if branch is not None:
        return f"branch:{branch}"
    return "preview" if preview else "production"


def _ask(name: str) -> str:
    """Return what is typed, unseen, or comes by a pipe without the newline at its end."""
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True, default="", show_default=False, err=True))
    return sys.stdin.read().removesuffix("\n")
