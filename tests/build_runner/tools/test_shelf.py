"""The shelf of tools that all builds share."""

import io
import os
import threading
import time
from pathlib import Path

import pytest

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.tools.shelf import Shelf
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.version import Version

ONE = Version(1, 2, 3)


class FakeRegistry:
    """Installs an empty package, records what it was asked, and can be away."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.installed: list[str] = []
        self.is_away = False

    def versions(self, package: str) -> list[Version]:
        self.asked.append(package)
        if self.is_away:
            raise BuildError(FailureCode.PLATFORM, "away")
        return [ONE]

    def install(self, package: str, version: Version, folder: Path) -> None:
        self.installed.append(f"{package}@{version}")
        time.sleep(0.01)
        (folder / "node_modules" / package).mkdir(parents=True)
        if self.is_away:
            raise BuildError(FailureCode.PLATFORM, "away")


def shelf(tmp_path: Path, registry: FakeRegistry) -> Shelf:
    return Shelf(tmp_path / "tools", registry, BuildLog(io.BytesIO()))


def test_a_tool_is_installed_once(tmp_path: Path) -> None:
    """However many ask for it at the same time."""
    registry = FakeRegistry()
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(shelf(tmp_path, registry).get("pnpm", ONE, "pnpm")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert registry.installed == ["pnpm@1.2.3"]
    assert len(set(found)) == 1
    assert (found[0] / "node_modules" / "pnpm").is_dir()
    assert found[0].stat().st_mode & 0o005 == 0o005


def test_a_failed_install_leaves_nothing(tmp_path: Path) -> None:
    """Half a tool is never found by the next build, and what a crash left goes."""
    registry = FakeRegistry()
    registry.is_away = True
    crashed = tmp_path / "tools" / "pnpm" / ".installing-crashed"
    crashed.mkdir(parents=True)
    with pytest.raises(BuildError):
        shelf(tmp_path, registry).get("pnpm", ONE, "pnpm")
    assert not [path for path in crashed.parent.iterdir() if path.is_dir()]
    registry.is_away = False
    assert (shelf(tmp_path, registry).get("pnpm", ONE, "pnpm") / "node_modules").is_dir()


def test_only_the_tools_used_last_are_kept(tmp_path: Path) -> None:
    """Tenants that ask for ever other versions do not fill the disk; a tool in use stays."""
    registry = FakeRegistry()
    held = shelf(tmp_path, registry)
    first = held.get("node", Version(1), "Node")
    for major in range(2, 10):
        # A shelf of its own for each, dropped at once, stands for a build that is over.
        other = shelf(tmp_path, registry)
        other.get("node", Version(major), "Node")
        for descriptor in other._in_use:
            os.close(descriptor)
    kept = sorted(int(path.name.split(".")[0]) for path in first.parent.iterdir() if path.is_dir())
    assert kept == [1, 4, 5, 6, 7, 8, 9]


def test_versions_are_remembered_for_a_day(tmp_path: Path) -> None:
    """The registry is not asked in every build."""
    registry = FakeRegistry()
    assert shelf(tmp_path, registry).versions("@oven/bun") == [ONE]
    assert shelf(tmp_path, registry).versions("@oven/bun") == [ONE]
    assert len(registry.asked) == 1
    shelf(tmp_path, registry).versions("@oven/bun", fresh=True)
    remembered = tmp_path / "tools" / "oven-bun" / "versions.json"
    os.utime(remembered, (0, 0))
    shelf(tmp_path, registry).versions("@oven/bun")
    assert len(registry.asked) == 3


def test_old_knowledge_serves_while_the_registry_is_away(tmp_path: Path) -> None:
    """A build that needs nothing new goes on; without any knowledge it cannot."""
    registry = FakeRegistry()
    registry.is_away = True
    with pytest.raises(BuildError):
        shelf(tmp_path, registry).versions("node")
    registry.is_away = False
    shelf(tmp_path, registry).versions("node")
    registry.is_away = True
    os.utime(tmp_path / "tools" / "node" / "versions.json", (0, 0))
    assert shelf(tmp_path, registry).versions("node") == [ONE]
