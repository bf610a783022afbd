"""On a machine that lacks something, the scripts of requirements/ say what to do."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


class Machine:
    """A machine on whose PATH is only what the test puts there, and what every system has."""

    def __init__(self, scripts: Path, folder: Path) -> None:
        self._scripts = scripts
        self._folder = folder
        for name in ("sh", "sed", "id", "env"):
            (folder / name).symlink_to(shutil.which(name) or "")

    def has(self, name: str, script: str) -> None:
        """Put a program on the PATH that does what `script` says."""
        (self._folder / name).unlink(missing_ok=True)
        (self._folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (self._folder / name).chmod(0o755)

    def run(self, script: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the scripts."""
        return subprocess.run(
            [self._scripts / script, *arguments],
            env={"PATH": str(self._folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(checkout, tmp_path: Path) -> Machine:
    """Return a machine with nothing on it."""
    return Machine(checkout.root / "requirements", tmp_path)


def test_old_python_is_refused_with_its_version(machine: Machine) -> None:
    """Python 3.9 is not taken, and named."""
    machine.has("python3", '[ "$1" = --version ] && echo Python 3.9.2 && exit; exit 1')
    said = machine.run("find-python")
    assert said.returncode == 1
    assert "needs Python 3.11 or later; python3 here is Python 3.9.2" in said.stderr


def test_newer_python_is_found_beside_an_old_one(machine: Machine) -> None:
    """Where python3 is too old, a newer one by its own name is taken."""
    machine.has("python3", "exit 1")
    machine.has("python3.12", f'exec "{sys.executable}" "$@"')
    said = machine.run("find-python")
    assert Path(said.stdout.strip()).name == "python3.12", said.stderr


def test_missing_venv_is_explained(machine: Machine) -> None:
    """Debian ships Python without venv: the package is named."""
    machine.has("python3", "case $2 in *venv*) exit 1 ;; *) exit 0 ;; esac")
    said = machine.run("find-python")
    assert said.returncode == 1
    assert "apt-get install python3-venv" in said.stderr


@pytest.mark.parametrize("version", ["v18.20.4", "v8.0.0"])
def test_old_node_is_refused_with_its_version(machine: Machine, version: str) -> None:
    """Node below 20 is not taken, and named."""
    machine.has("node", f"echo {version}")
    said = machine.run("check-node")
    assert said.returncode == 1
    assert f"needs Node 20 or later; here is {version}" in said.stderr


def test_node_without_npm_is_explained(machine: Machine) -> None:
    """npm is a package of its own on Debian."""
    machine.has("node", "echo v22.17.0")
    said = machine.run("check-node")
    assert said.returncode == 1
    assert "npm" in said.stderr


def test_who_may_not_install_is_told_what_is_weaker(machine: Machine) -> None:
    """Without root, `make` goes on and says what to type and what is missing meanwhile."""
    machine.has("id", "echo 1000")
    machine.has("pasta", "exit 0")
    said = machine.run("system", "bubblewrap", "passt")
    assert said.returncode == 0
    assert said.stderr == (
        "Without bubblewrap: no sandbox: builds and functions are refused unless you allow them with --unsafe-builds. "
        "On Debian and Ubuntu: sudo apt-get install bubblewrap\n"
    )


def test_root_installs_what_is_missing_and_nothing_else(machine: Machine, tmp_path: Path) -> None:
    """As root on Debian, apt-get is asked for the missing packages alone."""
    machine.has("id", "echo 0")
    machine.has("pasta", "exit 0")
    machine.has("apt-get", f'echo "$@" >> "{tmp_path}/asked"')
    machine.run("system", "bubblewrap", "passt", "wrk")
    assert (tmp_path / "asked").read_text().splitlines()[-1].endswith(" bubblewrap wrk")


def test_nothing_missing_says_nothing(machine: Machine) -> None:
    """Where all is there, the scripts are silent and ask nobody."""
    machine.has("bwrap", "exit 0")
    machine.has("apt-get", "echo asked")
    said = machine.run("system", "bubblewrap")
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
