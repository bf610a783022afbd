"""Questions before something is done that cannot be undone."""

import sys

import typer
from rich.console import Console

from battleshiper.infra.cli.failure import CommandError


def confirm(question: str, *, json: bool, instead: str) -> None:
    """Go on with a yes only; raises CommandError. `instead` says what to do where nobody can be asked."""
    _require_somebody(instead)
    if not typer.confirm(question, err=json):
        raise CommandError("Nothing was changed.")


def confirm_by_name(out: Console, name: str, *, json: bool, instead: str) -> None:
    """Go on once somebody has typed a name; raises CommandError with anything else."""
    _require_somebody(instead)
    out.print(f"Type [bold]{name}[/bold] to go on.")
    if typer.prompt("", prompt_suffix="> ", err=json, default="", show_default=False).strip() != name:
        raise CommandError("That is another name: nothing was changed.")


def _require_somebody(instead: str) -> None:
    if not sys.stdin.isatty():
        raise CommandError("Nobody can be asked here.", instead)
