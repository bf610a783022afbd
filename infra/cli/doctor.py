"""The `doctor` command."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import settings_from_environment

if TYPE_CHECKING:
    from battleshiper.infra.local.diagnosis import Finding


def doctor(
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Let the running platform make the routes of all sites again.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Look at what this machine has, and say what is missing. Exit code 1 when the platform cannot work."""
    # The checks import what they check.
    from battleshiper.infra.cli.checkup import examine

    print_findings(list(examine(settings_from_environment(), repair=repair)), json=json)


def print_findings(findings: "Sequence[Finding]", *, json: bool) -> None:
    """Print what was found; ends the command with exit code 1 where something is bad."""
    from battleshiper.infra.local.diagnosis import Verdict

    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        marks = {Verdict.GOOD: "[green]✓[/green]", Verdict.WEAK: "[yellow]![/yellow]", Verdict.BAD: "[red]✗[/red]"}
        out = console()
        for finding in findings:
            out.print(f"{marks[finding.verdict]} [bold]{finding.name:<14}[/bold] {escape(finding.found)}")
            if finding.remedy:
                out.print(f"  {'':<14} {escape(finding.remedy)}")
    if any(finding.verdict is Verdict.BAD for finding in findings):
        raise typer.Exit(1)
