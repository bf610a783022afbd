"""Refs: the names of commits, and the commits they stand for."""

import re
from pathlib import Path

from battleshiper.infra.local.github.git.process import GitError, run

ZERO = "0" * 40
"""What git and GitHub write where there is no commit."""

BRANCHES = "refs/heads/"
TAGS = "refs/tags/"

_ABBREVIATED = re.compile(r"[0-9a-f]{7,40}", re.IGNORECASE)


def create_repository(folder: Path) -> None:
    """Make an empty bare repository. Safe to run again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    run(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main")


def list_refs(folder: Path) -> dict[str, str]:
    """Return every branch and tag by its full name."""
    out = run(folder, "for-each-ref", "--format=%(refname)%00%(objectname)", "refs/heads", "refs/tags")
    return dict(line.split("\0") for line in out.split("\n") if line)


def find_commit(folder: Path, refs: dict[str, str], name: str) -> str | None:
    """Return the commit that `name` stands for: a branch, a tag, `heads/…`, `tags/…`, or a hash of at least
    seven digits. Git's own notations (`main~3`, `@{u}`, `main:path`) are no names."""
    for full in (name, f"refs/{name}", f"{BRANCHES}{name}", f"{TAGS}{name}"):
        if full in refs:
            return peel(folder, refs[full])
    return peel(folder, name) if _ABBREVIATED.fullmatch(name) else None


def peel(folder: Path, sha: str) -> str | None:
    """Return the commit behind a hash of a commit or a tag, or None."""
    try:
        return run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{sha}^{{commit}}").strip()
    except GitError:
        return None


def point_head(folder: Path, branch: str) -> None:
    """Make `branch` the one that a clone checks out."""
    run(folder, "symbolic-ref", "HEAD", f"{BRANCHES}{branch}")


def move_ref(folder: Path, name: str, sha: str, *, expected: str | None = None) -> None:
    """Point the ref called `name` in full to `sha`; raises GitError when it is not at `expected` any more."""
    run(folder, "update-ref", "--end-of-options", name, sha, *([expected] if expected else []))


def bring(folder: Path, source: Path, sha: str, name: str) -> None:
    """Point the ref called `name` in full to commit `sha`, which is brought from the repository in `source`."""
    if folder == source:
        move_ref(folder, name, sha)
    else:
        run(folder, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(source), f"+{sha}:{name}")


def copy_refs(folder: Path, source: Path) -> None:
    """Bring every branch and tag from the repository in `source`."""
    refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    run(folder, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(source), *refs)


def is_branch_name(name: str) -> bool:
    """Tell whether git would take `name` for a branch."""
    try:
        run(Path(), "check-ref-format", f"{BRANCHES}{name}")
    except GitError:
        return False
    return not name.startswith("-")
