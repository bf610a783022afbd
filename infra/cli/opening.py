"""The `open` command: a project's site, or its page of the dashboard, in a browser."""

import sys
from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import print_json
from battleshiper.infra.cli.startup import settings_from_environment


def open_project(
    project: Annotated[str, typer.Argument(help="The project's name.")],
    *,
    deployment: Annotated[str | None, typer.Option(help="Open this deployment of it.")] = None,
    dashboard: Annotated[bool, typer.Option("--dashboard", help="Open the page of the dashboard instead.")] = False,
    json: AsJson = False,
) -> None:
    """Open a project's site, or its page of the dashboard, and print the address. Without a terminal, only print it."""
    client = Client.for_settings(settings_from_environment())
    if deployment is not None:
        found = client.get(f"/deployments/{quote(deployment, safe='')}")
        if found["project"] != project:
            raise CommandError(f"{project} has no deployment {deployment!r}.", "`battleshiper deployments` lists them.")
        url, path = found["url"], f"/deployments/{deployment}"
    else:
        named = next((each for each in client.get("/projects") if each["name"] == project), None)
        if named is None:
            raise CommandError(f"There is no project {project!r}.", "`battleshiper projects` lists them.")
        url, path = named["url"], f"/projects/{project}"
    if dashboard:
        url = client.base_url + path
    if url is None:
        raise CommandError(f"{deployment} is not served.", f"See why: battleshiper open {project} --dashboard")
    if json:
        print_json({"url": url})
        return
    sys.stdout.write(f"{url}\n")
    if sys.stdout.isatty():
        typer.launch(url)
