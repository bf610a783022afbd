"""`battleshiper aws synth`."""

import json
from pathlib import Path

import pytest


def test_options_are_missing(aws_shell) -> None:
    """Every option that is missing is named at once, and nothing is made."""
    done = aws_shell.run("synth", BATTLESHIPER_PLATFORM_DOMAIN=None, BATTLESHIPER_GITHUB_APP_ID=None)
    assert done.returncode == 1
    assert "BATTLESHIPER_PLATFORM_DOMAIN" in done.stderr
    assert "BATTLESHIPER_GITHUB_APP_ID" in done.stderr
    assert list(aws_shell.folder.iterdir()) == []


def test_a_certificate_from_nowhere(aws_shell) -> None:
    """Without a hosted zone and a certificate the command says which of the two to name."""
    done = aws_shell.run("synth", BATTLESHIPER_SITES_CERTIFICATE=None)
    assert done.returncode == 1
    assert "BATTLESHIPER_SITES_ZONE" in done.stderr
    assert "BATTLESHIPER_SITES_CERTIFICATE" in done.stderr


def test_options_from_a_file(aws_shell) -> None:
    """A `.env` in the folder is read, and the environment goes before it."""
    (aws_shell.folder / ".env").write_text("BATTLESHIPER_SITES_DOMAIN=example.com\nBATTLESHIPER_GITHUB_APP_ID=\n")
    done = aws_shell.run("synth", BATTLESHIPER_SITES_DOMAIN=None)
    assert done.returncode == 1
    assert "BATTLESHIPER_SITES_DOMAIN must be a domain of its own" in done.stderr
    assert "GITHUB_APP_ID" not in done.stderr


def test_without_the_cdk(aws_shell) -> None:
    """Where the CDK is not installed, the command says how it is."""
    (aws_shell.folder / "aws_cdk.py").write_text("raise ModuleNotFoundError(name='aws_cdk')")
    done = aws_shell.run("synth", PYTHONPATH=str(aws_shell.folder))
    assert done.returncode == 1
    assert "aws_cdk is not installed" in done.stderr
    assert "pip install --no-deps --require-hashes -r requirements/cdk.txt" in done.stderr


@pytest.mark.registry
def test_templates_are_written(aws_shell) -> None:
    """The templates are where the command says, with as many resources as it says."""
    done = aws_shell.run("synth", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    template = json.loads((Path(said["folder"]) / "Battleshiper.template.json").read_text())
    assert said["stacks"] == {"Battleshiper": len(template["Resources"])}
