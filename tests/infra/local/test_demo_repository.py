"""The demo's repository."""

import subprocess
from pathlib import Path

import pytest

from battleshiper.infra.local.demo.repository import DemoRepository


def test_it_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started from a hook of another repository, whose name git has in its environment, the demo leaves that alone."""
    theirs = tmp_path / "theirs"
    subprocess.run(["git", "init", "--quiet", str(theirs)], check=True)
    before = sorted(theirs.rglob("*"))
    monkeypatch.setenv("GIT_DIR", str(theirs / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(theirs / ".git" / "index"))
    DemoRepository(tmp_path / "ours", "nowhere").create()
    assert sorted(theirs.rglob("*")) == before
    assert (tmp_path / "ours" / ".git" / "index").is_file()
