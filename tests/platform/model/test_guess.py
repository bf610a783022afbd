"""What a site probably is, by what a repository shows at a glance."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.guess import Guess, find_roots, guess_site


def test_roots_are_where_a_site_may_lie() -> None:
    """The top first, then those nearest to it; what a site is made of is none of its own."""
    paths = [
        "packages/a/package.json",
        "apps/web/package.json",
        "apps/web/static/index.html",
        "node_modules/x/package.json",
        "docs/index.html",
        "docs/deep/page.html",
        "package.json",
        "README.md",
    ]
    assert find_roots(paths) == ["", "docs", "apps/web", "packages/a"]
    assert find_roots(["src/main.c"]) == []


@given(st.lists(st.text("ab/.", max_size=12).map(lambda text: text + "/package.json")))
def test_any_paths_are_read(paths: list[str]) -> None:
    """As few roots as fit a page, each once."""
    roots = find_roots(paths)
    assert len(roots) == len(set(roots)) <= 30


@pytest.mark.parametrize(
    ("paths", "root", "package", "guess"),
    [
        ({"index.html"}, "", None, Guess("Plain files", "", "", "")),
        ({"a/index.html"}, "", None, None),
        ({"a/index.html"}, "a", None, Guess("Plain files", "", "", "")),
        (
            {"web/package.json", "pnpm-lock.yaml"},
            "web",
            {"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "^2", "vite": "^6"}},
            Guess("SvelteKit", "pnpm", "pnpm run build", ""),
        ),
        (
            {"package.json"},
            "",
            {"dependencies": {"@sveltejs/kit": "^2"}, "engines": {"node": ">=22"}},
            Guess("SvelteKit", "npm", "vite build", ">=22"),
        ),
        ({"package.json"}, "", {"scripts": {"build": "make"}}, Guess("A build script", "npm", "npm run build", "")),
        ({"package.json", "index.html"}, "", {"name": "x"}, Guess("Plain files", "", "", "")),
        ({"package.json"}, "", {"name": "x"}, None),
        ({"package.json"}, "", {"scripts": [], "dependencies": 7, "engines": "x"}, None),
    ],
)
def test_guesses(paths: set[str], root: str, package: object, guess: Guess | None) -> None:
    """From the names beside package.json and what that needs."""
    assert guess_site(paths, root, None if package is None else json.dumps(package)) == guess


@pytest.mark.parametrize("package", ["", "{", "[]", "null", "[" * 100_000])
def test_a_broken_package_is_none(package: str) -> None:
    """The build will say what is wrong with it."""
    assert guess_site({"package.json"}, "", package) is None
