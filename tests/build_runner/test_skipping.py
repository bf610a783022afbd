"""Builds that end before they begin, because the repository says that nothing in them matters."""

from types import SimpleNamespace
from typing import Any

import pytest

from battleshiper.build_runner.detection.relevance import Relevance
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.skipping import Skipping
from battleshiper.platform.model.result import FailureCode

pytestmark = pytest.mark.sandbox

PATHS = 'paths = ["site", "shared/**/*.css"]\nroot_directory = "site"\n'
FIRST = {"site/index.html": "first", "shared/a/b.css": "", "notes.md": "", "battleshiper.toml": PATHS}


def after(stand_in: Any, changes: dict[str, Any], first: dict[str, Any] = FIRST, **more: Any) -> Any:
    """Build a commit of changes on top of a first commit, which is live."""
    live = stand_in.commit(first)
    return stand_in.build(stand_in.commit(changes), **{"may_skip": True, "live_sha": live, **more})


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_change_elsewhere_is_skipped(stand_in: Any, unsafe: bool) -> None:
    """Nothing is built or uploaded but the reason, and that is no failure."""
    ended = after(stand_in, {"notes.md": "new", "other/x.css": "new"}, unsafe=unsafe)
    assert ended.code == 0, ended.log
    live = stand_in.instructions.live_sha[:7]
    reason = f"Skipped: nothing in the paths of battleshiper.toml changed since {live}, which is live"
    assert (ended.result.skipped, ended.result.failure, ended.result.manifest) == (reason, None, None)
    assert ended.uploads == {}
    assert len(reason) <= 140
    assert f"» {reason}" in ended.log


@pytest.mark.parametrize(
    "changes",
    [
        {"site/index.html": "second"},
        {"shared/a/c.css": "new"},
        {"battleshiper.toml": PATHS + 'spa_fallback = "index.html"\n'},
        {"battleshiper.toml": PATHS.replace('"site"', '"site", "!**/*.toml"', 1)},
    ],
)
def test_a_change_that_matters_is_built(stand_in: Any, changes: dict[str, str]) -> None:
    """Of the site's files, of those it shares, and of what the settings say."""
    ended = after(stand_in, {**changes, "notes.md": "new"})
    assert ended.result.skipped == ""
    assert "client/index.html" in ended.uploads, ended.log


def test_all_commits_since_the_live_one_count(stand_in: Any) -> None:
    """The commit before this one may have failed to build: what it changed is still to be shown."""
    live = stand_in.commit(FIRST)
    stand_in.commit({"site/index.html": "second"})
    ended = stand_in.build(stand_in.commit({"notes.md": "new"}), may_skip=True, live_sha=live)
    assert ended.uploads == {"client/index.html": b"second"}, ended.log


def test_a_commit_without_a_change_is_built(stand_in: Any) -> None:
    """Who pushes an empty commit wants a build."""
    assert after(stand_in, {}).uploads, "nothing was built"


@pytest.mark.parametrize(
    "instructions", [{"live_sha": None}, {"live_sha": "f" * 40}, {"may_skip": False}, {"live_sha": "0" * 64}]
)
def test_what_cannot_be_told_is_built(stand_in: Any, instructions: dict[str, Any]) -> None:
    """Nothing is live, or it is gone from the repository, or somebody asked for this build."""
    ended = after(stand_in, {"notes.md": "new"}, **instructions)
    assert ended.code == 0, ended.log
    assert ended.uploads == {"client/index.html": b"first"}, ended.log


@pytest.mark.parametrize(("heeds", "is_built"), [(True, False), (False, True)])
def test_the_message_is_heeded(stand_in: Any, heeds: bool, is_built: bool) -> None:
    """A marker in it counts where nobody has looked for one yet, whatever the settings say."""
    sha = stand_in.commit({"site/index.html": "first", "battleshiper.toml": 'root_directory = "site"\n'})
    stand_in._git("commit", "--quiet", "--amend", "--message", "Fix a typo\n\n[Skip CI] — ✓")
    sha = stand_in._git("rev-parse", "HEAD").strip()
    ended = stand_in.build(sha, may_skip=True, heeds_message=heeds)
    assert ended.code == 0, ended.log
    assert bool(ended.uploads) is is_built
    assert ended.result.skipped == ("" if is_built else "Skipped: the commit message says [skip ci]")


def test_a_commit_of_another_history(stand_in: Any) -> None:
    """After a force push the files are compared all the same: what is the same is skipped."""
    live = stand_in.commit(FIRST)
    stand_in._git("checkout", "--quiet", "--orphan", "other")
    ended = stand_in.build(stand_in.commit({"notes.md": "new"}), may_skip=True, live_sha=live)
    assert ended.result.skipped, ended.log


def test_the_sites_own_settings_count_from_the_top(stand_in: Any) -> None:
    """Paths are the repository's, wherever the file lies, and the reason names the file that said so."""
    first = {"site/index.html": "", "site/battleshiper.toml": 'paths = ["site"]\n', "notes.md": ""}
    ended = after(stand_in, {"notes.md": "new"}, first, root_directory="site")
    assert "the paths of site/battleshiper.toml" in ended.result.skipped, ended.log


MONOREPO = {
    "package.json": '{"workspaces": ["apps/*", "packages/*"]}',
    "apps/docs/index.html": "first",
    "apps/docs/package.json": '{"dependencies": {"@octo/ui": "*"}}',
    "apps/web/index.html": "",
    "packages/ui/package.json": '{"name": "@octo/ui", "dependencies": {"colours": "workspace:*"}}',
    "packages/colours/package.json": '{"name": "colours"}',
    "README.md": "",
}


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("apps/docs/page.html", True),
        ("apps/docs/README.md", True),
        ("packages/ui/button.js", True),
        ("packages/colours/red.css", True),
        ("package-lock.json", True),
        (".npmrc", True),
        ("battleshiper.toml", True),
        ("apps/web/index.html", False),
        ("packages/other/x.js", False),
        ("README.md", False),
        (".github/workflows/ci.yml", False),
    ],
)
def test_a_site_that_is_a_part_of_its_repository(stand_in: Any, file: str, matters: bool) -> None:
    """Where nothing else is said, a project with a root directory is built when its own files changed, those of the
    packages it is made of, or what configures them all."""
    ended = after(stand_in, {file: "\n"}, MONOREPO, root_directory="apps/docs")
    assert ended.code == 0, ended.log
    assert bool(ended.uploads) is matters, ended.log
    if not matters:
        live = stand_in.instructions.live_sha[:7]
        reason = f"Skipped: nothing in apps/docs or what it shares changed since {live}, which is live"
        assert ended.result.skipped == reason


IGNORE = {"site/index.html": "first", "notes.md": ""}


def ignoring(stand_in: Any, command: str, **more: Any) -> Any:
    """Build a change of the notes where this command decides."""
    settings = f"root_directory = 'site'\nignore = '''{command}'''\n"
    return after(stand_in, {"notes.md": "new"}, {**IGNORE, "battleshiper.toml": settings}, **more)


@pytest.mark.parametrize(
    ("command", "is_skipped"),
    [
        ("exit 0", True),
        ("exit 1", False),
        ("exit 3", False),
        ("no-such-program", False),
        ('git diff --quiet "$BATTLESHIPER_LIVE_COMMIT" HEAD -- .', True),
        ('git diff --quiet "$BATTLESHIPER_LIVE_COMMIT" HEAD -- ../notes.md', False),
        ('test "$BATTLESHIPER_ENVIRONMENT" = production', True),
        ('node -e "process.exit(0)"', True),
        ("test -f index.html", True),
        ("env | grep -q ghs_ || grep -rqs ghs_ ../.git", False),
    ],
)
def test_the_ignore_command_decides(stand_in: Any, command: str, is_skipped: bool) -> None:
    """0 skips and everything else builds; it runs in the site's folder with git, Node and the live commit at hand,
    and without any token."""
    ended = ignoring(stand_in, command)
    assert ended.code == 0, ended.log
    assert bool(ended.result.skipped) == is_skipped, ended.log
    assert bool(ended.uploads) != is_skipped
    if is_skipped:
        assert ended.result.skipped == "Skipped: the ignore command of battleshiper.toml says so"


def test_the_ignore_command_without_a_live_commit(stand_in: Any) -> None:
    """What it cannot compare it has built."""
    ended = ignoring(stand_in, 'git diff --quiet "$BATTLESHIPER_LIVE_COMMIT" HEAD -- .', live_sha=None)
    assert ended.uploads, ended.log


def test_the_ignore_command_is_not_asked_about_a_redeploy(stand_in: Any) -> None:
    """Somebody wants this build."""
    assert ignoring(stand_in, "exit 0", may_skip=False).uploads


def test_a_mistake_in_the_paths_fails_with_its_line(stand_in: Any) -> None:
    """As every mistake in the file does."""
    ended = after(stand_in, {"battleshiper.toml": '# one\npaths = [\n  "../other",\n]\n'})
    assert ended.result.failure.code is FailureCode.SETTINGS
    assert "battleshiper.toml, line 2: paths '../other' must name files" in ended.result.failure.message


def test_settings_that_end_are_built(stand_in: Any) -> None:
    """Where the site's own settings go, others hold, whatever paths they name."""
    top = 'paths = ["packages"]\nroot_directory = "site"\n'
    first = {"site/index.html": "first", "battleshiper.toml": top, "site/battleshiper.toml": 'paths = ["site"]\n'}
    ended = after(stand_in, {"site/battleshiper.toml": None}, first)
    assert "client/index.html" in ended.uploads, ended.log


@pytest.mark.parametrize("code", [code for code in FailureCode if code is not FailureCode.PLATFORM])
def test_in_doubt_it_is_built(code: FailureCode) -> None:
    """What takes too long, or too much, to be told is no reason to fail."""

    class Slow:
        def fetch_beside(self, *_: object) -> bool:
            raise BuildError(code, "It took too long.")

    said: list[str] = []
    log = SimpleNamespace(say=said.append, phase=said.append)
    instructions = SimpleNamespace(may_skip=True, heeds_message=False, live_sha="a" * 40, source=None)
    plan = SimpleNamespace(relevance=Relevance(("battleshiper.toml",), "battleshiper.toml", ("site",)))
    skipping: Any = Skipping(instructions, log, Slow(), None, None)  # type: ignore[arg-type]
    assert skipping.reason(plan) is None
    assert said[-1] == "Whether it matters cannot be told: It took too long. Building."
