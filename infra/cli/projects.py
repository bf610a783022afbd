"""The `projects` command: lists them, adds one and deletes one."""

import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table, state_text
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(invoke_without_command=True)


@group.callback()
def projects(context: typer.Context, *, json: AsJson = False) -> None:
    """List the projects with their sites."""
    if context.invoked_subcommand is not None:
        return
    found = Client.for_settings(settings_from_environment()).get("/projects")
    if json:
        print_json(found)
        return
    rows = []
    for project in found:
        latest = project["latest_deployment"] or {}
        rows.append(
            (
                f"[bold]{project['name']}[/bold]",
                plain(f"{project['repository']}/{project['root_directory']}".rstrip("/")),
                _state(project["access"], latest.get("state", "no push yet")),
                project["url"],
                age(latest.get("created_at")),
            )
        )
    print_table(("NAME", "REPOSITORY", "STATE", "SITE", "LAST PUSH"), rows, empty="No project yet: push a repository.")


def _state(access: str, state: str) -> str:
    """Return how the latest deployment stands, with what keeps the project from being built."""
    return state_text(state) if access == "granted" else f"{state_text(state)}, {access}"


@group.command()
def add(
    repository: Annotated[str, typer.Argument(help="The repository, as owner/name.")],
    root_directory: Annotated[str, typer.Argument(help="The site's folder in it.")] = "",
    *,
    name: Annotated[str | None, typer.Option(help="The project's name, which is in its addresses.")] = None,
    json: AsJson = False,
) -> None:
    """Make another site of a repository, from a folder of its own. A repository's first project comes by itself."""
    client = Client.for_settings(settings_from_environment())
    added = client.post("/projects", repository=repository, root_directory=root_directory, name=name)
    if json:
        print_json(added)
        return
    place = plain(f"{added['repository']}/{added['root_directory']}".rstrip("/"))
    console().print(f"[bold]{added['name']}[/bold] is built from {place} and will be at {added['url']}.")


@group.command()
def delete(
    project: Annotated[str, typer.Argument(help="The project's name.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Delete a project: its sites, deployments, functions and logs, for good. Its repository is not touched."""
    client = Client.for_settings(settings_from_environment())
    if not yes:
        _confirm(client, project)
    answer = client.delete(f"/projects/{quote(project, safe='')}")
    if json:
        print_json(answer)
        return
    console().print(f"Deleting [bold]{plain(answer['deleting'])}[/bold] with all that belongs to it.")


@group.command()
def surfaces(
    project: Annotated[str, typer.Argument(help="The project's name.")],
    *,
    status: Annotated[bool | None, typer.Option(help="The status on each commit.")] = None,
    deployment: Annotated[bool | None, typer.Option(help="The Deployments of the repository.")] = None,
    comment: Annotated[bool | None, typer.Option(help="The comment on each pull request.")] = None,
    json: AsJson = False,
) -> None:
    """Tell where GitHub shows a project's deployments, after switching on or off what is named. What is there already
    stays as it is."""
    wanted = {"status": status, "deployment": deployment, "comment": comment}
    switches = {name: "on" if is_on else "off" for name, is_on in wanted.items() if is_on is not None}
    path = f"/projects/{quote(project, safe='')}/surfaces"
    changed = Client.for_settings(settings_from_environment()).post(path, **switches)
    if json:
        print_json(changed)
        return
    shown = " ".join(changed["surfaces"]) or "nothing"
    console().print(f"GitHub shows of [bold]{plain(changed['name'])}[/bold]: {shown}.")


def _confirm(client: Client, name: str) -> None:
    if not sys.stdin.isatty():
        raise CommandError("Nothing was deleted: nobody is here to confirm it.", "In a script, add --yes.")
    found: dict[str, Any] | None = next((each for each in client.get("/projects") if each["name"] == name), None)
    if found is None:
        raise CommandError(f"There is no project {name!r}.", "`battleshiper projects` lists them.")
    what = f"[bold]{plain(name)}[/bold] of {plain(found['repository'])}, served at {found['url']}"
    Console(stderr=True, highlight=False).print(f"{what}, will be gone for good.")
    if typer.prompt("Type the project's name to delete it", default="", show_default=False, err=True) != name:
        raise CommandError("Nothing was deleted: that is not the project's name.")
