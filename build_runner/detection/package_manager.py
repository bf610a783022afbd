"""Which package manager a build uses, and how it installs."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from battleshiper.build_runner.detection.package import Package, read_package
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.version import Range, Version, parse_version

MAX_LOCKFILE_BYTES = 64 * 1024**2


class Manager(StrEnum):
    """The package managers; Yarn is two programs under one name."""

    NPM = "npm"
    PNPM = "pnpm"
    YARN_CLASSIC = "yarn-classic"
    YARN = "yarn"
    BUN = "bun"

    @property
    def program(self) -> str:
        """The command that runs it."""
        return "yarn" if self is Manager.YARN_CLASSIC else self.value


# In order of preference where a repository has several.
_LOCKFILES = {
    "bun.lock": Manager.BUN,
    "bun.lockb": Manager.BUN,
    "pnpm-lock.yaml": Manager.PNPM,
    "yarn.lock": Manager.YARN,
    "package-lock.json": Manager.NPM,
    "npm-shrinkwrap.json": Manager.NPM,
}
_FROZEN = {
    Manager.NPM: "npm ci --no-audit --no-fund",
    Manager.PNPM: "pnpm install --frozen-lockfile --prefer-offline",
    Manager.YARN_CLASSIC: "yarn install --frozen-lockfile --non-interactive --prefer-offline",
    Manager.YARN: "yarn install --immutable",
    Manager.BUN: "bun install --frozen-lockfile",
}
_UNLOCKED = {
    Manager.NPM: "npm install --no-audit --no-fund --no-package-lock",
    Manager.PNPM: "pnpm install --no-frozen-lockfile",
    Manager.YARN_CLASSIC: "yarn install --non-interactive --no-lockfile",
    Manager.YARN: "yarn install --no-immutable",
    Manager.BUN: "bun install --no-save",
}
_PINNED = re.compile(r"(npm|pnpm|yarn|bun)@([^+\s]+)(?:\+\S*)?")


@dataclass(frozen=True, slots=True)
class Installation:
    """How the packages come in."""

    manager: Manager
    versions: Range
    """Which versions of the package manager fit."""
    folder: str
    """Where it installs: the site's root directory, or the workspace around it."""
    lockfile: str | None
    fingerprint: str
    """Changes when anything that decides what is installed changes; empty without a lockfile."""
    command: str
    notes: tuple[str, ...] = ()


def detect_installation(tree: Tree, root: str, package: Package) -> Installation:
    """Decide by `packageManager` and the lockfile in the root directory or the workspace around it.

    Raises BuildError for a `packageManager` that is no exact version.
    """
    folder, lockfiles = _find_lockfiles(tree, root)
    around = read_package(tree, folder) or package
    pin = _read_pin(package.package_manager or around.package_manager)
    notes: list[str] = []
    if pin:
        manager, versions = pin
        lockfile = next(
            (name for name in lockfiles if _manager_of(tree, folder, name).program == manager.program), None
        )
    else:
        lockfile = lockfiles[0] if lockfiles else None
        manager = _manager_of(tree, folder, lockfile) if lockfile else Manager.NPM
        versions = Range(_default_range(manager, _read(tree, folder, lockfile)))
    if len(lockfiles) > 1:
        notes.append(f"There are several lockfiles ({', '.join(lockfiles)}); {lockfile or 'none of them'} is used.")
    elif not lockfile:
        notes.append(f"There is no lockfile for {manager.program}: every build may get other versions. Commit one.")
    return Installation(
        manager=manager,
        versions=versions,
        folder=folder,
        lockfile=lockfile,
        fingerprint=_fingerprint(tree, root, folder, lockfile) if lockfile else "",
        command=(_FROZEN if lockfile else _UNLOCKED)[manager],
        notes=tuple(notes),
    )


def npm_range(node: Version) -> Range:
    """Return the versions of npm that come with a version of Node."""
    return Range("11" if node.major >= 24 else "10")


def _find_lockfiles(tree: Tree, root: str) -> tuple[str, list[str]]:
    for folder in _upwards(root):
        found = [name for name in _LOCKFILES if tree.has_file(_join(folder, name))]
        if found and (folder == root or _is_workspace(tree, folder)):
            return folder, found
    return root, []


def _is_workspace(tree: Tree, folder: str) -> bool:
    if tree.has_file(_join(folder, "pnpm-workspace.yaml")):
        return True
    package = read_package(tree, folder)
    return package is not None and package.has_workspaces


def _manager_of(tree: Tree, folder: str, lockfile: str) -> Manager:
    manager = _LOCKFILES[lockfile]
    if manager is Manager.YARN and not re.search(rb"^__metadata:", _read(tree, folder, lockfile), re.MULTILINE):
        # An empty lockfile can be either; only Yarn 2 and newer have this file for their settings.
        return Manager.YARN if tree.has_file(_join(folder, ".yarnrc.yml")) else Manager.YARN_CLASSIC
    return manager


def _read_pin(text: str) -> tuple[Manager, Range] | None:
    if not text:
        return None
    found = _PINNED.fullmatch(text.strip())
    version = parse_version(found[2]) if found else None
    if not found or not version:
        raise BuildError(
            FailureCode.SETTINGS,
            f"packageManager in package.json is {text[:80]!r}, not a package manager we know at an exact version.",
            "Write npm, pnpm, yarn or bun with a released version, such as pnpm@10.4.1, or remove it.",
        )
    classic = found[1] == "yarn" and version.major < 2
    return (Manager.YARN_CLASSIC if classic else Manager(found[1])), Range(str(version))


def _default_range(manager: Manager, lockfile: bytes) -> str:
    match manager:
        case Manager.PNPM:
            # https://pnpm.io/package_json#enginesnode and the lockfile's own version: each format has its line.
            found = re.search(rb"^lockfileVersion:\s*'?(\d+)", lockfile, re.MULTILINE)
            return {5: "7", 6: "8"}.get(int(found[1]) if found else 9, "10")
        case Manager.YARN:
            found = re.search(rb"^__metadata:\s*\n\s+version:\s*\"?(\d+)", lockfile, re.MULTILINE)
            return "3" if found and int(found[1]) < 8 else "4"
        case Manager.YARN_CLASSIC | Manager.BUN:
            return "1"
        case Manager.NPM:
            return "*"  # the one that comes with the chosen Node


def _fingerprint(tree: Tree, root: str, folder: str, lockfile: str) -> str:
    digest = hashlib.sha256()
    inputs = {_join(folder, lockfile), *(_join(place, "package.json") for place in (root, folder))}
    for path in sorted(inputs | {_join(folder, ".npmrc"), _join(root, ".npmrc")}):
        data = _read(tree, "", path)
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _read(tree: Tree, folder: str, name: str | None) -> bytes:
    if name is None:
        return b""
    try:
        return tree.read(_join(folder, name), limit=MAX_LOCKFILE_BYTES) or b""
    except UnreadableError as error:
        raise BuildError(FailureCode.DETECTION, str(error), "Make it a plain file.") from error


def _upwards(root: str) -> Iterable[str]:
    while root:
        yield root
        root = root.rpartition("/")[0]
    yield ""


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
