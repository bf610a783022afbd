"""The `github` command: makes the App, in a browser or with one on another machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from battleshiper.infra.cli.listings import AsJson

group = typer.Typer(no_args_is_help=True)


@group.callback()
def github() -> None:
    """Connect the platform to GitHub."""


@group.command("create-app")
def create_app(
    *,
    org: Annotated[str, typer.Option("--org", help="Make it an organisation's App, not yours.")] = "",
    name: Annotated[str, typer.Option("--name", help="The App's name; GitHub lets you change it.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of the App that is there.")] = False,
    aws: Annotated[bool, typer.Option("--aws", help="For a platform on AWS: write files for `aws deploy`.")] = False,
    paste: Annotated[bool, typer.Option("--paste", help="Use a browser on another machine.")] = False,
    page: Annotated[Path, typer.Option("--page", help="With --paste: the page to open there.")] = Path(
        "github-app.html"
    ),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser here.")] = True,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until the App is installed.")] = True,
    json: AsJson = False,
) -> None:
    """Make the GitHub App that the platform works as: one button on GitHub, and its keys are kept here."""
    # What only this command needs is imported by it alone.
    from battleshiper.infra.cli.app_installing import tell_of
    from battleshiper.infra.cli.app_making import Making, make_by_browser, make_by_pasting
    from battleshiper.infra.cli.app_places import aws_place, local_place

    talk = Console(stderr=True, highlight=False, soft_wrap=True)
    place = aws_place(replace=replace) if aws else local_place(replace=replace)
    making = Making(place, name, org, talk)
    app = make_by_pasting(making, page) if paste else make_by_browser(making, open_browser=browser)
    tell_of(app, place, talk, wait=wait, json=json)
