"""Running git, apart from whatever the machine's user has configured."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# What GitHub lets people do with a repository, and keeps them from doing.
_CONFIGURATION = (
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("uploadpack.allowFilter", "true"),
    ("gc.autoDetach", "false"),
    ("gc.pruneExpire", "never"),  # a commit that no branch has any more may still be built
    ("receive.denyDeleteCurrent", "refuse"),
    ("receive.fsckObjects", "true"),
    ("receive.hideRefs", "refs/pull"),
    ("receive.maxInputSize", str(2 * 1024**3)),
    ("http.receivepack", "true"),
    ("i18n.logOutputEncoding", "UTF-8"),
    ("core.quotePath", "false"),
    ("diff.renames", "true"),
)


class GitError(Exception):
    """Git refused; `message` is what it said."""

    def __init__(self, arguments: tuple[str, ...], message: str) -> None:
        self.message = message
        super().__init__(f"git {arguments[0]}: {message}")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the whole environment for a git process."""
    settings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_CONFIG_COUNT": str(len(_CONFIGURATION)),
    }
    for index, (key, value) in enumerate(_CONFIGURATION):
        settings[f"GIT_CONFIG_KEY_{index}"] = key
        settings[f"GIT_CONFIG_VALUE_{index}"] = value
    return settings | dict(extra or {})


def run(folder: Path, *arguments: str, extra: Mapping[str, str] | None = None, lines: Sequence[str] = ()) -> str:
    """Run git on the bare repository in `folder`, with `lines` to read, and return what it prints; raises GitError."""
    if any("\0" in argument for argument in arguments):
        raise GitError(arguments, "there is a NUL in an argument")
    done = subprocess.run(
        ["git", "--git-dir", str(folder), *arguments],
        env=environment(extra),
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise GitError(arguments, done.stderr.decode("utf-8", "replace").strip())
    return done.stdout.decode("utf-8", "replace")
