"""The `hooks` command: secret addresses that let a branch be deployed."""

from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True, help="Let something else than a push deploy a branch.")

_Project = Annotated[str, typer.Argument(help="The project's name.")]


@group.command("list")
def list_hooks(project: _Project, *, json: AsJson = False) -> None:
    """List a project's build hooks. Their addresses are shown to nobody."""
    found = _client().get(_path(project))
    if json:
        print_json(found)
        return
    rows = [(f"[bold]{each['id']}[/bold]", plain(each["title"]), _branch(each), age(each["used_at"])) for each in found]
    print_table(
        ("ID", "CALLED BY", "BRANCH", "LAST CALL"), rows, empty=f"No hook yet: battleshiper hooks add {project} TITLE"
    )


@group.command("add")
def add_hook(
    project: _Project,
    title: Annotated[str, typer.Argument(help="What will call it, in your words.")],
    *,
    branch: Annotated[str | None, typer.Option(help="Deploy this branch, not the production branch.")] = None,
    json: AsJson = False,
) -> None:
    """Make a build hook and print its address, once. A POST to it deploys the branch's head."""
    made = _client().post(_path(project), title=title, **({"branch": branch} if branch else {}))
    if json:
        print_json(made)
        return
    console().print(f"Keep the address, it is not shown again:\n\n  {made['url']}\n", soft_wrap=True)


@group.command("remove")
def remove_hook(
    project: _Project, hook: Annotated[str, typer.Argument(help="The hook's id.")], *, json: AsJson = False
) -> None:
    """Remove a build hook: its address does nothing from now on."""
    gone = _client().delete(f"{_path(project)}/{quote(hook, safe='')}")
    if json:
        print_json(gone)
        return
    console().print(f"[bold]{plain(hook)}[/bold] is removed.")


def _client() -> Client:
    return Client.for_settings(settings_from_environment())


def _path(project: str) -> str:
    return f"/projects/{quote(project, safe='')}/hooks"


def _branch(hook: dict[str, str | None]) -> str:
    return plain(hook["branch"] or "the production branch")
