"""Node and package managers as they come from the npm registry."""

from pathlib import Path
from typing import Any

import pytest

from battleshiper.platform.model.result import FailureCode

pytestmark = [pytest.mark.sandbox, pytest.mark.registry]


def test_the_wanted_node_and_package_manager_are_brought(stand_in: Any, tmp_path: Path) -> None:
    """A repository gets the versions it names, whatever the machine has; the second build finds them there."""
    stand_in.tools = tmp_path / "tools"
    stand_in.tools.mkdir()
    package = {
        "packageManager": "pnpm@10.20.0",
        "engines": {"node": "^22.17"},
        "scripts": {"build": "mkdir dist && (node --version; pnpm --version; npm --version) > dist/index.html"},
    }
    lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n"
    sha = stand_in.commit({"package.json": package, "pnpm-lock.yaml": lock})
    first = stand_in.build(sha)
    assert first.code == 0, first.log
    node, pnpm, npm = first.uploads["client/index.html"].decode().splitlines()
    assert node.startswith("v22.")
    assert pnpm == "10.20.0"
    assert npm.startswith("10.")
    assert first.result.node_version == node.removeprefix("v")
    assert first.result.package_manager == "pnpm 10.20.0"
    assert "Installing Node 22" in first.log
    second = stand_in.build(sha)
    assert second.code == 0, second.log
    assert "Installing Node" not in second.log


def test_a_version_that_does_not_exist_is_told(stand_in: Any, tmp_path: Path) -> None:
    """Whoever pinned it learns what to mend."""
    package = {"packageManager": "pnpm@10.999.0", "scripts": {"build": "true"}}
    ended = stand_in.build(stand_in.commit({"package.json": package}))
    assert ended.code == 1
    assert ended.result.failure.code is FailureCode.SETTINGS
    assert "no pnpm of version 10.999.0" in ended.result.failure.message
