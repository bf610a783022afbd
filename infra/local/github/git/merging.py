"""Merging one branch into another, without a work tree."""

from pathlib import Path

from battleshiper.infra.local.github.git.process import GitError, run
from battleshiper.infra.local.github.git.refs import BRANCHES, move_ref


class MergeConflictError(Exception):
    """The two sides changed the same lines; a person has to decide."""


def merge_trees(folder: Path, base: str, head: str) -> str:
    """Return the tree that merging commit `head` into commit `base` gives; raises MergeConflictError."""
    try:
        out = run(folder, "merge-tree", "--write-tree", "--no-messages", base, head)
    except GitError as error:
        raise MergeConflictError(str(error)) from error
    return out.split("\n", 1)[0]


def merge(folder: Path, branch: str, base: str, head: str, message: str, author: tuple[str, str]) -> str:
    """Merge commit `head` into `branch`, which is at `base`; return the merge commit.

    Raises MergeConflictError, and GitError when the branch has moved meanwhile.
    """
    tree = merge_trees(folder, base, head)
    name, email = author
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", name), ("EMAIL", email))
    }
    sha = run(folder, "commit-tree", tree, "-p", base, "-p", head, "-m", message, extra=who).strip()
    move_ref(folder, f"{BRANCHES}{branch}", sha, expected=base)
    return sha
