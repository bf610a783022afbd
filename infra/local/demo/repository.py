"""The demo's repository: a copy of the sample site, pushed with the real git."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

SITE = Path(__file__).parent / "site"
_HARMLESS = ("GIT_EXEC_PATH", "GIT_SSL_CAINFO")
_NEVER_COPIED = shutil.ignore_patterns("node_modules", ".svelte-kit", "build", ".battleshiper*")


class GitFailedError(Exception):
    """A git command failed; the message is what git said."""


class DemoRepository:
    """A git checkout of the sample site, as a user would have it."""

    def __init__(self, folder: Path, remote: str) -> None:
        self._folder = folder
        self._remote = remote

    def create(self) -> None:
        """Copy the site and make it a repository with one commit."""
        shutil.copytree(SITE, self._folder, ignore=_NEVER_COPIED)
        self._git("init", "--quiet", "--initial-branch=main")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", "A new SvelteKit site")

    def change(self, file: str, edit: Callable[[str], str], message: str) -> None:
        """Edit a file and commit; raises GitFailedError when the edit changes nothing."""
        path = self._folder / file
        path.write_text(edit(path.read_text()))
        self._git("commit", "--quiet", "--all", "--message", message)

    def branch(self, name: str) -> None:
        """Begin a branch at the main branch."""
        self._git("checkout", "--quiet", "-b", name, "main")

    def push(self, branch: str = "main") -> str:
        """Push a branch, which is checked out, and return the pushed commit."""
        self._git("push", "--quiet", self._remote, branch)
        return self._git("rev-parse", "HEAD").strip()

    def push_elsewhere(self, remote: str, branch: str, header: str) -> str:
        """Push a branch to somebody's repository, as who `header` says, and return the pushed commit."""
        self._git("-c", f"http.extraHeader={header}", "push", "--quiet", remote, branch)
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str) -> str:
        # The user's own git settings (signing, hooks, another name) must not change the demo.
        settings = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Demo",
            "GIT_AUTHOR_EMAIL": "demo@example.org",
            "GIT_COMMITTER_NAME": "Demo",
            "GIT_COMMITTER_EMAIL": "demo@example.org",
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self._folder,
            env={**_outside_of_any_repository(os.environ), **settings, "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise GitFailedError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def _outside_of_any_repository(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out what would point git to another repository, as where the demo is started from a git hook."""
    return {name: value for name, value in environment.items() if not name.startswith("GIT_") or name in _HARMLESS}
