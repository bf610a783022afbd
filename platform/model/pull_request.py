"""A pull request of a repository, and what becomes of the previews of its branch."""

import re
from dataclasses import dataclass

_OUTSIDE = re.compile(r"refs/pull/([1-9][0-9]{0,17})/head")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as GitHub last told of it."""

    repository_id: int
    """The repository that it asks to change."""
    number: int
    branch: str
    """What its commits are deployed as: its branch, or `outside_branch` where that is in somebody else's repository."""
    sha: str
    """The newest of its commits."""
    is_open: bool
    updated_at: int
    """Unix seconds as GitHub says it; orders what GitHub tells of it."""


@dataclass(frozen=True, slots=True)
class Retirement:
    """A branch of a repository that is shown no more: it was deleted, or its pull request is closed."""

    repository_id: int
    branch: str
    reason: str
    """One sentence for people."""
    retired_at: int
    """Unix seconds as GitHub says it, 0 when unknown."""


def outside_branch(number: int) -> str:
    """Return what the commits of a pull request from another repository are deployed as: the ref at which the
    repository itself has them. GitHub lets no branch begin with `refs/`
    (https://docs.github.com/en/get-started/using-git/dealing-with-special-characters-in-branch-and-tag-names)."""
    return f"refs/pull/{number}/head"


def outside_pull(branch: str) -> int | None:
    """Return the number of the pull request that `branch` is the `outside_branch` of. What is deployed of it was
    written by somebody who may not push to the repository."""
    found = _OUTSIDE.fullmatch(branch)
    return int(found[1]) if found else None
