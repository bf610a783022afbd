"""Commands that list: deployments, deliveries."""

from typing import Annotated

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.output import age, plain, print_json, print_table, state_text
from battleshiper.infra.cli.startup import settings_from_environment

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(help="How many, newest first.", min=1, max=500)]


def deployments(
    project: Annotated[str | None, typer.Argument(help="Only of this project.")] = None,
    *,
    branch: Annotated[str | None, typer.Option(help="Only of this branch.")] = None,
    limit: Limit = 20,
    json: AsJson = False,
) -> None:
    """List deployments, newest first."""
    client = Client.for_settings(settings_from_environment())
    found = client.get("/deployments", project=project, branch=branch, limit=limit)
    if json:
        print_json(found)
        return
    rows = [
        (
            deployment["id"],
            f"[bold]{deployment['project']}[/bold]",
            state_text(deployment["state"]),
            f"{deployment['sha'][:7]} {plain(deployment['branch'])}",
            plain(deployment["message"])[:50],
            age(deployment["created_at"]),
            deployment["url"] or ("expired" if deployment["expired_at"] else plain(deployment["reason"])),
        )
        for deployment in found
    ]
    columns = ("ID", "PROJECT", "STATE", "COMMIT", "MESSAGE", "AGE", "SITE")
    print_table(columns, rows, empty="No deployment yet: push a commit.")


def deliveries(*, limit: Limit = 20, json: AsJson = False) -> None:
    """List what GitHub told the platform, and what was decided on it."""
    found = Client.for_settings(settings_from_environment()).get("/deliveries", limit=limit)
    if json:
        print_json(found)
        return
    rows = [
        (
            plain(delivery["id"]),
            plain(delivery["event"]),
            plain(delivery["repository"]),
            decision["verdict"],
            plain(decision["reason"]),
            age(delivery["received_at"]),
        )
        for delivery in found
        for decision in delivery["decisions"]
    ]
    print_table(("DELIVERY", "EVENT", "REPOSITORY", "DECISION", "WHY", "AGE"), rows, empty="No delivery yet.")
