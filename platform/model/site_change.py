"""What one build changes against another: pure, from their manifests."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from battleshiper.platform.model.manifest import FUNCTION_PACKAGE, Manifest, ManifestFile

_SCRIPT = (".js", ".mjs", ".cjs")
# What bundlers put between a file's name and its ending, or in place of its name: `app.D3v-x_1y.js`, `D3v-x_1y.js`.
_HASH = re.compile(r"(?:(?<=/)|[.-])[A-Za-z0-9_-]{8,24}(?=\.[a-z0-9]+$)")
_SERVER = ""
"""In place of a file's hash."""
_INDEX = re.compile(r"(?:^|/)index$")


@dataclass(frozen=True, slots=True)
class Weight:
    """How many bytes something has, before and after."""

    name: str
    before: int
    after: int

    @property
    def delta(self) -> int:
        """By how many bytes it grows."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What changes. Routes are pages that are files, and what a server answers. Whether the latter changed cannot be
    told, only that they came or went."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    script: Weight
    total: Weight
    movers: tuple[Weight, ...]
    """The files whose size changes, by their names without what tells versions apart, the largest change first."""


def compare_sites(before: Manifest, after: Manifest) -> SiteChange:
    """Return what changes for visitors when `after` takes the place of `before`."""
    old, new = dict(_pages(before)), dict(_pages(after))
    if before.routes is not None and after.routes is not None:
        old = {**dict.fromkeys(before.routes, _SERVER), **old}
        new = {**dict.fromkeys(after.routes, _SERVER), **new}
    weights = _weigh(before, after)
    moved = (weight for weight in weights if weight.delta)
    return SiteChange(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(route for route in new.keys() & old.keys() if _SERVER != old[route] != new[route] != _SERVER)),
        Weight("JavaScript", _script_bytes(before), _script_bytes(after)),
        Weight("All files", before.total_bytes, after.total_bytes),
        tuple(sorted(moved, key=lambda weight: (-abs(weight.delta), weight.name))),
    )


def _pages(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for file in manifest.static:
        folder, _, path = file.path.partition("/")
        stem, dot, ending = path.rpartition(".")
        if dot and ending == "html" and folder:
            yield "/" + _INDEX.sub("", stem), file.sha256


def _weigh(before: Manifest, after: Manifest) -> list[Weight]:
    old, new = _sizes(before), _sizes(after)
    return [Weight(name, old[name], new[name]) for name in old | new]


def _sizes(manifest: Manifest) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for file in manifest.files:
        sizes[_name(file)] += file.bytes
    return sizes


def _name(file: ManifestFile) -> str:
    if file.path == FUNCTION_PACKAGE:
        return "server function"
    path = file.path.partition("/")[2]
    return _HASH.sub(lambda found: "*" if found[0][0] not in ".-" else "", path) if "/" in path else path


def _script_bytes(manifest: Manifest) -> int:
    return sum(file.bytes for file in manifest.static if file.path.endswith(_SCRIPT))
