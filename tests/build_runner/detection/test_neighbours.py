"""Which packages of the same repository a site is made of."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.build_runner.detection.neighbours import find_neighbours
from battleshiper.build_runner.tree import CheckoutTree


def found(top: Path, packages: dict[str, object], root: str = "apps/web") -> tuple[str, ...] | None:
    """Return the neighbours of `root` in a repository of these packages, by folder."""
    for folder, content in packages.items():
        (top / folder).mkdir(parents=True, exist_ok=True)
        (top / folder / "package.json").write_text(content if isinstance(content, str) else json.dumps(content))
    (top / root).mkdir(parents=True, exist_ok=True)
    return find_neighbours(CheckoutTree(top), root)


def test_dependencies_of_dependencies(tmp_path: Path) -> None:
    """All kinds of dependencies count, and a circle does no harm."""
    packages = {
        "apps/web": {"name": "web", "dependencies": {"ui": "workspace:*", "svelte": "^5"}},
        "packages/ui": {"name": "ui", "peerDependencies": {"@octo/colours": "*"}},
        "packages/deep/colours": {"name": "@octo/colours", "devDependencies": {"ui": "*"}},
        "packages/other": {"name": "other"},
    }
    assert found(tmp_path, packages) == ("packages/deep/colours", "packages/ui")


def test_links_to_folders(tmp_path: Path) -> None:
    """A path is followed, with or without a package there, but not out of the repository."""
    links = {"a": "file:../../lib/a", "b": "link:../b", "c": "portal:../../../c", "d": "file:../../lib/d.tgz"}
    (tmp_path / "lib" / "a").mkdir(parents=True)
    packages = {"apps/web": {"dependencies": links}, "apps/b": {"dependencies": {"plain": "1"}}}
    assert found(tmp_path, packages) == ("apps/b", "lib/a")


def test_without_packages(tmp_path: Path) -> None:
    """A site of plain files has none, and installed packages are not the repository's."""
    assert found(tmp_path, {"packages/ui": {"name": "ui"}}) == ()
    packages = {"apps/web": {"dependencies": {"ui": "1"}}, "node_modules/ui": {"name": "ui"}}
    assert found(tmp_path / "two", packages) == ()


def test_what_cannot_be_told(tmp_path: Path) -> None:
    """A broken description, and more folders than anybody looks through."""
    assert found(tmp_path / "broken", {"apps/web": {}, "packages/ui": "{"}) is None
    for number in range(5001):
        (tmp_path / "large" / f"{number}").mkdir(parents=True)
    assert found(tmp_path / "large", {"apps/web": {}}) is None


@pytest.mark.parametrize("depth", [6, 7])
def test_how_deep_packages_are_found(tmp_path: Path, depth: int) -> None:
    """Seven folders below the top nobody keeps packages."""
    deep = "/".join("abcdefg"[:depth])
    packages = {"apps/web": {"dependencies": {"deep": "*"}}, deep: {"name": "deep"}}
    assert found(tmp_path, packages) == ((deep,) if depth == 6 else ())


_NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(st.dictionaries(_NAMES, st.sets(_NAMES)))
def test_neighbours_are_all_that_is_reached(
    tmp_path_factory: pytest.TempPathFactory, wishes: dict[str, set[str]]
) -> None:
    """Whatever depends on whatever."""
    packages: dict[str, object] = {
        f"packages/{name}": {"name": name, "dependencies": dict.fromkeys(wanted, "*")}
        for name, wanted in wishes.items()
    }
    reached = {"a"} & wishes.keys()
    for _ in wishes:
        reached |= {name for each in reached for name in wishes[each]} & wishes.keys()
    expected = tuple(f"packages/{name}" for name in sorted(reached - {"a"}))
    assert found(tmp_path_factory.mktemp("r"), packages, "packages/a") == expected
