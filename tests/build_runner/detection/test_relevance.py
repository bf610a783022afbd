"""Which files matter: patterns as git understands them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.build_runner.detection.relevance import Relevance, check_pattern

FILES = [
    "README.md",
    "battleshiper.toml",
    "apps/web/src/page.ts",
    "apps/web/README.md",
    "apps/docs/index.md",
    "packages/ui/button.ts",
    "packages/ui/test/button.test.ts",
    "odd [name]/a*b.txt",
]


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Return which of a repository's files matter by some patterns, as git says it."""
    folder = tmp_path_factory.mktemp("repository")

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout

    def look(*paths: str, settings: tuple[str, ...] = ()) -> list[str]:
        relevance = Relevance(settings, paths=tuple(map(check_pattern, paths)))
        found: set[str] = set()
        for asked in (relevance.settings_pathspecs(), relevance.pathspecs()):
            if asked:
                told = git("diff-tree", "-r", "-z", "--name-only", "HEAD^", "HEAD", "--", *asked)
                found.update(told.split("\0")[:-1])
        return sorted(found)

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message=empty")
    for name in FILES:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    git("add", "--all")
    git("commit", "--quiet", "--message=files")
    return look


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["apps/web"], ["apps/web/README.md", "apps/web/src/page.ts"]),
        (["./apps/web/"], ["apps/web/README.md", "apps/web/src/page.ts"]),
        (["apps/*"], ["apps/docs/index.md", "apps/web/README.md", "apps/web/src/page.ts"]),
        (["apps/*/src"], ["apps/web/src/page.ts"]),
        (["*.md"], ["README.md"]),
        (["**/*.md"], ["README.md", "apps/docs/index.md", "apps/web/README.md"]),
        (["packages/**/*.ts", "README.md"], ["README.md", "packages/ui/button.ts", "packages/ui/test/button.test.ts"]),
        (["packages", "!**/test"], ["packages/ui/button.ts"]),
        (["!apps", "!odd*", "!packages"], ["README.md", "battleshiper.toml"]),
        (["apps/we"], []),
        (["APPS"], []),
        (["odd \\[name\\]/a\\*b.txt"], ["odd [name]/a*b.txt"]),
        ([":(top)apps"], []),
    ],
)
def test_what_patterns_mean(matter: Callable[..., list[str]], paths: list[str], expected: list[str]) -> None:
    """Folders with all in them, `*` within a step, `**` across steps, `!` for what does not matter."""
    assert sorted(matter(*paths)) == expected


def test_the_settings_matter_too(matter: Callable[..., list[str]]) -> None:
    """Another build command in the file that says so is a change, of whatever name."""
    assert matter("none", settings=("battleshiper.toml",)) == ["battleshiper.toml"]
    assert matter("none", settings=("odd [name]/a*b.txt",)) == ["odd [name]/a*b.txt"]


@pytest.mark.parametrize(
    "text", ["", "!", "/", "/apps", ".", "..", "../x", "a/../b", "a//b", "a/./b", "./", "!/x", "a\0b", "x" * 501]
)
def test_patterns_that_can_name_nothing(text: str) -> None:
    """What leads out of the repository, or nowhere, is a mistake that is told."""
    with pytest.raises(ValueError, match="must name files of the repository"):
        check_pattern(text)


@given(st.text("abc*?[]!/.\\:()\n ü", min_size=1, max_size=12))
def test_git_takes_every_pattern_that_is_let_through(matter: Callable[..., list[str]], text: str) -> None:
    """Whatever is in it: it names some of the files or none, and is never an option or a fault."""
    try:
        check_pattern(text)
    except ValueError:
        return
    assert set(matter(text)) <= set(FILES)
