"""What a site probably is, by the names of its files and its package.json: shown before it is imported. The build looks
for itself."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_MOST_ROOTS = 30
_MARKS = frozenset({"package.json", "index.html", "battleshiper.toml"})
_LEFT_OUT = frozenset({"node_modules", "static", "public", "dist", "build", "vendor", "test", "tests", "fixtures"})
"""Folders that hold no site of their own."""
_FRAMEWORKS = (
    ("@sveltejs/kit", "SvelteKit"),
    ("astro", "Astro"),
    ("@11ty/eleventy", "Eleventy"),
    ("vitepress", "VitePress"),
    ("@docusaurus/core", "Docusaurus"),
    ("vite", "Vite"),
)
_MANAGERS = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("package-lock.json", "npm"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the build will probably find."""

    framework: str
    package_manager: str
    """Empty where nothing is installed."""
    build_command: str
    """Empty where nothing is run."""
    node_version: str
    """Empty where nobody asks for one."""


def find_roots(paths: Iterable[str]) -> list[str]:
    """Return the folders in which a site may lie, the top first as the empty one, then those nearest to it."""
    found: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name in _MARKS and not _LEFT_OUT & set(folder.split("/")):
            found.add(folder)
    return sorted(found, key=lambda folder: (folder.count("/") if folder else -1, folder))[:_MOST_ROOTS]


def guess_site(paths: Collection[str], root: str, package: str | None) -> Guess | None:
    """Return what lies in a folder, None where nothing there looks like a site. `package` is its package.json."""
    below = f"{root}/" if root else ""
    manifest = _read(package)
    if manifest is None:
        return Guess("Plain files", "", "", "") if f"{below}index.html" in paths else None
    scripts, engines = _table(manifest, "scripts"), _table(manifest, "engines")
    needs = {**_table(manifest, "dependencies"), **_table(manifest, "devDependencies")}
    framework = next((title for name, title in _FRAMEWORKS if name in needs), "")
    manager = next((title for name, title in _MANAGERS if {below + name, name} & set(paths)), "npm")
    command = f"{manager} run build" if str(scripts.get("build", "")).strip() else ""
    if not command and framework == "SvelteKit":
        command = "vite build"
    if not command:
        return Guess("Plain files", "", "", "") if f"{below}index.html" in paths else None
    return Guess(framework or "A build script", manager, command, str(engines.get("node", ""))[:80])


def _read(package: str | None) -> dict[str, object] | None:
    try:
        manifest = json.loads(package or "")
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _table(manifest: dict[str, object], name: str) -> dict[str, object]:
    found = manifest.get(name)
    return found if isinstance(found, dict) else {}
