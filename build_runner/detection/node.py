"""Which Node a build gets."""

from collections.abc import Iterable
from dataclasses import dataclass

from battleshiper.build_runner.detection.package import Package
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.version import Range, RangeError, Version

DEFAULT_MAJOR = 24
"""The newest line with long-term support that AWS Lambda runs functions on."""
OLDEST_MAJOR = 18
"""Older ones cannot load our SvelteKit adapter (`module.register`)."""
# https://nodejs.org/en/about/previous-releases
_CODE_NAMES = {"hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24"}
_NEWEST_NAMES = frozenset({"*", "", "node", "stable", "latest", "lts", "lts/*", "current"})


@dataclass(frozen=True, slots=True)
class NodeWish:
    """A range of versions and who asks for it."""

    source: str
    range: Range


def node_wishes(
    tree: Tree, folders: Iterable[str], asked: str | None, asked_by: str, package: Package | None
) -> list[NodeWish]:
    """Collect what the repository says, the most binding first; raises BuildError when it makes no sense.

    `asked` is the version in the settings, and `asked_by` where those stand. `folders` are looked through in order for
    `.nvmrc` and `.node-version`.
    """
    texts = [(asked_by, asked or ""), ("engines.node", package.node_range if package else "")]
    folders = list(folders)
    for name in (".nvmrc", ".node-version"):
        for folder in folders:
            path = f"{folder}/{name}" if folder else name
            if text := _first_line(tree, path):
                texts.append((path, text))
                break
    return [wish for source, text in texts if (wish := _wish(source, text))]


def choose_node(wishes: Iterable[NodeWish], available: Iterable[Version]) -> tuple[Version, list[str]]:
    """Return the version to use and notes about wishes that lost; raises BuildError (SETTINGS) when none is there.

    Each wish narrows what the ones before it left. Then the default line is best, after it the newest line with
    long-term support (the even ones), then the newest.
    """
    left = [version for version in available if version.major >= OLDEST_MAJOR]
    notes: list[str] = []
    for number, wish in enumerate(wishes):
        fitting = [version for version in left if version in wish.range]
        if fitting:
            left = fitting
        elif number == 0:
            raise BuildError(
                FailureCode.SETTINGS,
                f"There is no Node version {wish.range.text} as {wish.source} asks for.",
                f"Ask for {OLDEST_MAJOR} or newer, for example {DEFAULT_MAJOR}.",
            )
        else:
            notes.append(f"{wish.source} asks for Node {wish.range.text}, which the rest excludes; it is not followed.")
    if not left:
        raise BuildError(FailureCode.PLATFORM, "No Node version can be had from the package registry.")
    return max(left, key=lambda version: (version.major == DEFAULT_MAJOR, version.major % 2 == 0, version)), notes


def _wish(source: str, text: str) -> NodeWish | None:
    name = text.strip().lower()
    if name in _NEWEST_NAMES:
        return None
    if name.startswith("lts/"):
        name = _CODE_NAMES.get(name.removeprefix("lts/"), name)
    try:
        return NodeWish(source, Range(name))
    except RangeError as error:
        raise BuildError(
            FailureCode.SETTINGS,
            f"{source} asks for Node {text.strip()[:80]!r}, which is not a version.",
            f"Write a version such as {DEFAULT_MAJOR} or a range such as >=22.12.",
        ) from error


def _first_line(tree: Tree, path: str) -> str:
    try:
        data = tree.read(path, limit=4096)
    except UnreadableError as error:
        raise BuildError(FailureCode.SETTINGS, str(error), "Make it a plain file with one line.") from error
    lines = (line.partition("#")[0].strip() for line in (data or b"").decode("utf-8-sig", "replace").splitlines())
    return next((line for line in lines if line), "")
