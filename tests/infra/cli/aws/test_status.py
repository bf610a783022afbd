"""`battleshiper aws status`, asked of an emulator."""

import json

import pytest

pytestmark = pytest.mark.emulator


def test_no_stack(cloud_shell) -> None:
    """Where nothing was deployed, the command says how to."""
    done = cloud_shell.run("status")
    assert done.returncode == 1
    assert "There is no stack Battleshiper in eu-central-1." in done.stderr
    assert "battleshiper aws deploy" in done.stderr


def test_what_the_stack_tells(cloud_shell, stack) -> None:
    """A stack that is whole shows its outputs."""
    done = cloud_shell.run("status", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["status"] == "CREATE_COMPLETE"
    assert said["outputs"]["Url"] == "https://deploy.example.com"
    assert said["failures"] == []


def test_nobody_is_signed_in(cloud_shell) -> None:
    """Without credentials the command says how to get some."""
    done = cloud_shell.run("status", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 1
    assert "no credentials" in done.stderr
    assert "aws configure" in done.stderr
