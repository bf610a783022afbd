"""How the outputs of stacks are shown."""

from collections.abc import Mapping

from rich.console import Console

from battleshiper.infra.cli.output import print_exactly


def show_outputs(out: Console, outputs: Mapping[str, str]) -> None:
    """Print a line for each."""
    for name, value in sorted(outputs.items()):
        print_exactly(out, f"  {name:<24} {value}")
