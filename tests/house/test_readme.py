"""The README tells of every command."""

import re

import typer.main

from battleshiper.infra.cli.main import build_command


def test_every_command_is_described(checkout) -> None:
    """The README's table names the commands that there are, and no others."""
    table = re.findall(r"^\| (`.*?) \|", (checkout.root / "README.md").read_text(), re.MULTILINE)
    described = [name for row in table for name in re.findall(r"`([a-z-]+)`", row)]
    group = typer.main.get_command(build_command())
    assert sorted(described) == sorted(group.commands)
