"""The `logs` command."""

from time import sleep
from typing import Annotated

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, plain, print_json
from battleshiper.infra.cli.startup import settings_from_environment
from battleshiper.platform.logs.port import LogKind

_POLL_SECONDS = 0.3


def logs(
    target: Annotated[str, typer.Argument(help="A deployment's id, or a project's name for its latest deployment.")],
    *,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", "-f", help="Go on until the deployment is finished, or for ever for the server's log."
        ),
    ] = False,
    kind: Annotated[LogKind, typer.Option(help="Which log.")] = LogKind.BUILD,
    json: AsJson = False,
) -> None:
    """Print a deployment's log."""
    client = Client.for_settings(settings_from_environment())
    deployment = _find(client, target)
    out, start = console(), 0
    while True:
        page = client.get(f"/deployments/{deployment}/logs/{kind.value}", start=start)
        for line in page["lines"]:
            if json:
                print_json(line)
            else:
                out.print(f"[dim]{line['at'][11:23]}[/dim] {plain(line['text'])}")
        if page["finished"] or (not follow and page["next"] == start):
            return
        start = page["next"]
        if follow and not page["lines"]:
            sleep(_POLL_SECONDS)


def _find(client: Client, target: str) -> str:
    projects = {project["name"]: project["latest_deployment"] for project in client.get("/projects")}
    if target not in projects:
        return target
    if projects[target] is None:
        raise CommandError(f"{target} has no deployment yet.", "Push a commit.")
    return str(projects[target]["id"])
