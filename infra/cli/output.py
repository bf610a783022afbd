"""How commands print: colours for people, plain text when piped, JSON when asked."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from battleshiper.infra.cli.failure import CommandError

_STATE_STYLES = {
    "ready": "green",
    "failed": "red",
    "building": "yellow",
    "deploying": "yellow",
    "queued": "yellow",
}


def console(*, to_errors: bool = False) -> Console:
    """Return the console for a command's own output, or for what it says meanwhile. Nothing is wrapped when it is
    piped."""
    stream = sys.stderr if to_errors else sys.stdout
    return Console(stderr=to_errors, emoji=False, highlight=False, soft_wrap=not stream.isatty())


def print_exactly(out: Console, line: str) -> None:
    """Print what somebody may have to copy: as it is, and on one line however long."""
    out.print(Text(line), soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON value, indented."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """Print rows of markup under their columns; tab-separated without colours when piped."""
    out = console()
    if not rows:
        out.print(f"[dim]{escape(empty)}[/dim]")
        return
    if not out.is_terminal:
        # Past the console, which would make spaces of the tabs.
        sys.stdout.writelines("\t".join(Text.from_markup(cell).plain for cell in row) + "\n" for row in rows)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def print_error(error: CommandError) -> None:
    """Print a failure on standard error."""
    out = Console(stderr=True, emoji=False, highlight=False, soft_wrap=True)
    out.print(f"[bold red]Error:[/bold red] {escape(error.message)}")
    if error.hint:
        out.print(f"  {escape(error.hint)}")


def state_text(state: str) -> str:
    """Return a state in its colour, as markup."""
    style = _STATE_STYLES.get(state)
    return f"[{style}]{state}[/{style}]" if style else state


def plain(text: str | None) -> str:
    """Return text from outside so that it is printed as it is, on one line and without control characters."""
    line = (text or "").splitlines()[0] if text else ""
    return escape("".join(character for character in line if character.isprintable()))


def age(moment: str | None) -> str:
    """Return how long ago an ISO time was, in the largest fitting unit."""
    if moment is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
