"""The choice of a package manager."""

import json
from pathlib import Path

import pytest

from battleshiper.build_runner.detection.package import read_package
from battleshiper.build_runner.detection.package_manager import Installation, Manager, detect_installation, npm_range
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import CheckoutTree
from battleshiper.platform.model.version import Version

CLASSIC = "# yarn lockfile v1\n"
BERRY = "__metadata:\n  version: 8\n"


def detected(tmp_path: Path, files: dict[str, str], *, root: str = "", **package: object) -> Installation:
    files = {f"{root}/package.json".lstrip("/"): json.dumps(package), **files}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    tree = CheckoutTree(tmp_path)
    described = read_package(tree, root)
    assert described
    return detect_installation(tree, root, described)


@pytest.mark.parametrize(
    ("lockfile", "text", "manager", "versions", "command"),
    [
        ("package-lock.json", "{}", Manager.NPM, "*", "npm ci --no-audit --no-fund"),
        ("npm-shrinkwrap.json", "{}", Manager.NPM, "*", "npm ci --no-audit --no-fund"),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", Manager.PNPM, "10", "pnpm install --frozen-lockfile"),
        ("pnpm-lock.yaml", "lockfileVersion: '6.0'\n", Manager.PNPM, "8", "pnpm install --frozen-lockfile"),
        ("pnpm-lock.yaml", "lockfileVersion: 5.4\n", Manager.PNPM, "7", "pnpm install --frozen-lockfile"),
        ("yarn.lock", CLASSIC, Manager.YARN_CLASSIC, "1", "yarn install --frozen-lockfile"),
        ("yarn.lock", BERRY, Manager.YARN, "4", "yarn install --immutable"),
        ("yarn.lock", "__metadata:\n  version: 6\n", Manager.YARN, "3", "yarn install --immutable"),
        ("bun.lock", "{}", Manager.BUN, "1", "bun install --frozen-lockfile"),
        ("bun.lockb", "", Manager.BUN, "1", "bun install --frozen-lockfile"),
    ],
)
def test_the_lockfile_decides(
    tmp_path: Path, lockfile: str, text: str, manager: Manager, versions: str, command: str
) -> None:
    """Each lockfile has its package manager, the line that wrote it, and an install that keeps it."""
    found = detected(tmp_path, {lockfile: text})
    assert (found.manager, found.versions.text, found.lockfile) == (manager, versions, lockfile)
    assert found.command.startswith(command)
    assert found.notes == ()


def test_the_pinned_package_manager_wins(tmp_path: Path) -> None:
    """packageManager names program and version; a hash behind it does not matter."""
    found = detected(tmp_path, {"pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, packageManager="pnpm@9.1.0+sha512.abc")
    assert (found.manager, found.versions.text) == (Manager.PNPM, "9.1.0")


def test_yarn_pins_tell_its_two_programs_apart(tmp_path: Path) -> None:
    """Version 1 is another program than the later ones."""
    assert detected(tmp_path, {"yarn.lock": CLASSIC}, packageManager="yarn@1.22.22").manager is Manager.YARN_CLASSIC
    assert detected(tmp_path, {"yarn.lock": BERRY}, packageManager="yarn@4.6.0").manager is Manager.YARN


@pytest.mark.parametrize("pin", ["pnpm", "pnpm@latest", "pnpm@9", "cargo@1.0.0", "npm@11.0.0 --evil", "npm@../../x"])
def test_a_pin_that_is_no_exact_version_is_refused(tmp_path: Path, pin: str) -> None:
    """Nothing but a known name and a released version becomes part of a command."""
    with pytest.raises(BuildError, match="packageManager"):
        detected(tmp_path, {}, packageManager=pin)


def test_without_a_lockfile_npm_installs_and_says_so(tmp_path: Path) -> None:
    """It works, with advice."""
    found = detected(tmp_path, {})
    assert found.manager is Manager.NPM
    assert found.command.startswith("npm install")
    assert "no lockfile" in found.notes[0]
    assert found.fingerprint == ""


def test_a_workspace_is_installed_where_its_lockfile_is(tmp_path: Path) -> None:
    """The site of a monorepo is installed from the workspace around it."""
    files = {"package.json": '{"workspaces": ["apps/*"]}', "package-lock.json": "{}"}
    assert detected(tmp_path, files, root="apps/web").folder == ""
    found = detected(tmp_path / "pnpm", {"pnpm-workspace.yaml": "", "pnpm-lock.yaml": ""}, root="apps/web")
    assert (found.folder, found.manager) == ("", Manager.PNPM)


def test_a_foreign_lockfile_above_does_not_count(tmp_path: Path) -> None:
    """A folder beside another project that is no workspace is installed by itself."""
    files = {"package.json": "{}", "package-lock.json": "{}"}
    found = detected(tmp_path, files, root="site")
    assert (found.folder, found.lockfile) == ("site", None)


def test_the_fingerprint_follows_what_is_installed(tmp_path: Path) -> None:
    """Another lockfile or package.json is another fingerprint; the same files have the same one."""
    first = detected(tmp_path / "a", {"package-lock.json": "{}"}).fingerprint
    assert first == detected(tmp_path / "b", {"package-lock.json": "{}"}).fingerprint
    assert first != detected(tmp_path / "c", {"package-lock.json": "{ }"}).fingerprint
    assert first != detected(tmp_path / "d", {"package-lock.json": "{}"}, dependencies={"a": "1"}).fingerprint


def test_several_lockfiles_are_noted(tmp_path: Path) -> None:
    """One is used and named."""
    found = detected(tmp_path, {"package-lock.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"})
    assert found.manager is Manager.PNPM
    assert "several lockfiles" in found.notes[0]


def test_npm_comes_with_node() -> None:
    """Each line of Node has the npm that it is shipped with."""
    assert npm_range(Version(24, 1, 0)).text == "11"
    assert npm_range(Version(22, 1, 0)).text == "10"
