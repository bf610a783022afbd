"""Commands that change something: rollback, promote, redeploy, cancel."""

from time import monotonic
from typing import Annotated, Any

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, plain, print_json
from battleshiper.infra.cli.startup import settings_from_environment

ProjectName = Annotated[str, typer.Argument(help="The project's name.")]
DeploymentId = Annotated[str, typer.Argument(help="The deployment's id, as `battleshiper deployments` shows it.")]
OptionalDeploymentId = Annotated[str | None, typer.Argument(help="A deployment's id; without it, the one before.")]


def rollback(project: ProjectName, deployment: OptionalDeploymentId = None, *, json: AsJson = False) -> None:
    """Show an earlier production deployment again, without a build."""
    _move(f"/projects/{project}/rollback", deployment, json=json)


def promote(project: ProjectName, deployment: DeploymentId, *, json: AsJson = False) -> None:
    """Show a ready deployment, a preview's too, as the production site."""
    _move(f"/projects/{project}/promote", deployment, json=json)


def redeploy(
    project: ProjectName,
    deployment: Annotated[str | None, typer.Argument(help="A deployment's id; without it, the latest.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Build a deployment's commit again."""
    path = f"/projects/{project}/redeploy"
    started = Client.for_settings(settings_from_environment()).post(path, deployment=deployment)
    if json:
        print_json(started)
        return
    out = console()
    out.print(f"Building {started['sha'][:7]} again as [bold]{started['id']}[/bold].")
    out.print(f"  Follow it: battleshiper logs -f {started['id']}")


def cancel(project: ProjectName, deployment: DeploymentId, *, json: AsJson = False) -> None:
    """End a deployment that is not finished."""
    path = f"/projects/{project}/cancel"
    ended = Client.for_settings(settings_from_environment()).post(path, deployment=deployment)
    if json:
        print_json(ended)
        return
    console().print(f"{ended['id']} is {ended['state']}.")


def _move(path: str, deployment: str | None, *, json: bool) -> None:
    client = Client.for_settings(settings_from_environment())
    start = monotonic()
    moved: dict[str, Any] = client.post(path, deployment=deployment)
    milliseconds = round((monotonic() - start) * 1000)
    if json:
        print_json({**moved, "ms": milliseconds})
        return
    after, out = moved["after"], console()
    out.print(f"[green]✓[/green] {moved['url']} now shows [bold]{after['id']}[/bold], after {milliseconds} ms.")
    out.print(f"  {after['sha'][:7]} {plain(after['message'])}")
