"""The `dead-letters` command: what could not be handled, and another try at it."""

from typing import Annotated
from urllib.parse import quote

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson, Limit
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(invoke_without_command=True)


@group.callback()
def dead_letters(context: typer.Context, *, limit: Limit = 20, json: AsJson = False) -> None:
    """List the events that the platform could not handle, and why."""
    if context.invoked_subcommand is not None:
        return
    found = Client.for_settings(settings_from_environment()).get("/dead-letters", limit=limit)
    if json:
        print_json(found)
        return
    rows = [
        (
            plain(letter["id"]),
            plain(letter["event"]),
            plain(letter["deployment"] or letter["project"]),
            str(letter["attempts"]),
            plain(letter["error"]),
            age(letter["died_at"]),
        )
        for letter in found
    ]
    print_table(("ID", "EVENT", "OF", "ATTEMPTS", "ERROR", "AGE"), rows, empty="No dead letter: all was handled.")


@group.command()
def retry(
    letter: Annotated[str | None, typer.Argument(metavar="ID", help="The dead letter's id.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    json: AsJson = False,
) -> None:
    """Let the platform handle a dead letter again, with all its attempts."""
    if (letter is None) != every:
        raise CommandError(
            "Say which dead letter to try again: its ID, or --all.", "`battleshiper dead-letters` lists them."
        )
    path = "/dead-letters/retry" if letter is None else f"/dead-letters/{quote(letter, safe='')}/retry"
    answer = Client.for_settings(settings_from_environment()).post(path)
    if json:
        print_json(answer)
        return
    count = len(answer["retried"])
    console().print(f"{count} {'event' if count == 1 else 'events'} will be handled again.")
