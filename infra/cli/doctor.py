"""The `doctor` command."""

from dataclasses import asdict

import typer
from rich.markup import escape

from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import settings_from_environment


def doctor(*, json: AsJson = False) -> None:
    """Look at what this machine has, and say what is missing. Exit code 1 when the platform cannot work."""
    # The checks import what they check.
    from battleshiper.infra.local.diagnosis import Verdict, diagnose

    findings = list(diagnose(settings_from_environment()))
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
