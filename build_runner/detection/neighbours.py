"""Neighbours: the packages of the same repository that a site's package is made of."""

import re
from collections.abc import Iterator
from posixpath import join, normpath

from battleshiper.build_runner.detection.package import PACKAGE_FILE, Package, read_package
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree

_MOST_FOLDERS = 5000
_DEEPEST = 6
_LINK = re.compile(r"(?:file|link|portal):(.+)")


class TooManyError(Exception):
    """The repository has more folders than are looked through."""


def find_neighbours(tree: Tree, root: str) -> tuple[str, ...] | None:
    """Return the folders of the packages that the one in `root` depends on and theirs depend on, sorted.

    None where that cannot be told: a package's description is broken, or there are too many folders. A dependency is
    known by the name that a package of this repository has, whatever version is wanted and whether or not it is in a
    workspace: rather too many than too few.
    """
    try:
        packages = dict(_packages(tree))
    except (BuildError, TooManyError):
        return None
    by_name = {package.name: folder for folder, package in packages.items() if package.name}
    found: set[str] = set()
    asked = [root]
    while asked:
        folder = asked.pop()
        if folder in found or not tree.has_folder(folder):
            continue
        found.add(folder)
        for name, wish in packages.get(folder, Package()).dependencies.items():
            link = _LINK.fullmatch(wish)
            asked.append(normpath(join(folder, link[1])) if link else by_name.get(name, folder))
    return tuple(sorted(found - {root, "", "."}))


def _packages(tree: Tree) -> Iterator[tuple[str, Package]]:
    looked_at = 0
    folders = [("", 0)]
    while folders:
        folder, depth = folders.pop()
        looked_at += 1
        if looked_at > _MOST_FOLDERS:
            raise TooManyError
        names = tree.names(folder)
        if PACKAGE_FILE in names and (package := read_package(tree, folder)):
            yield folder, package
        if depth < _DEEPEST:
            below = (f"{folder}/{name}".lstrip("/") for name in names if name[0] != "." and name != "node_modules")
            folders += [(path, depth + 1) for path in below if tree.has_folder(path)]
