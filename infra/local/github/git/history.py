"""History: commits and the way from one to another."""

from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.local.github.git.process import GitError, run
from battleshiper.infra.local.github.moment import read_moment, write_moment

_FIELDS = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
_COUNT = _FIELDS.count("%x00") + 1


@dataclass(frozen=True, slots=True)
class Signature:
    """Who, and when."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as git has it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0]


def read_log(folder: Path, *revisions: str, limit: int, skip: int = 0, path: str = "") -> list[Commit]:
    """Return commits, newest first. Revisions are hashes, or hashes with `^` before them."""
    out = run(
        folder,
        "log",
        "-z",
        f"--format={_FIELDS}",
        f"--max-count={limit}",
        f"--skip={skip}",
        "--stdin",
        "--",
        *([f":(literal){path}"] if path else []),
        lines=revisions,
    )
    values = out.split("\0")
    return [_read(values[start : start + _COUNT]) for start in range(0, len(values) - _COUNT + 1, _COUNT)]


def read_commit(folder: Path, sha: str) -> Commit:
    """Return one commit; raises GitError when there is none."""
    return read_log(folder, sha, limit=1)[0]


def count_commits(folder: Path, *revisions: str, path: str = "") -> int:
    """Return how many commits `read_log` could return."""
    literal = [f":(literal){path}"] if path else []
    return int(run(folder, "rev-list", "--count", "--stdin", "--", *literal, lines=revisions))


def list_commits(folder: Path, *revisions: str) -> set[str]:
    """Return the hashes of all commits that `read_log` could return."""
    return set(run(folder, "rev-list", "--stdin", lines=revisions).split())


def find_merge_base(folder: Path, one: str, other: str) -> str | None:
    """Return the best common ancestor, or None for histories that have nothing in common."""
    try:
        return run(folder, "merge-base", one, other).strip()
    except GitError:
        return None


def is_ancestor(folder: Path, ancestor: str, descendant: str) -> bool:
    """Tell whether `descendant` has `ancestor` in its history."""
    return find_merge_base(folder, ancestor, descendant) == ancestor


def _read(values: list[str]) -> Commit:
    sha, tree, parents, *who, message = values
    author, committer = Signature(*_dated(who[:3])), Signature(*_dated(who[3:]))
    return Commit(sha, tree, tuple(parents.split()), author, committer, message.rstrip("\n"))


def _dated(signature: list[str]) -> tuple[str, str, str]:
    name, email, date = signature
    try:
        return name, email, write_moment(read_moment(date))
    except (ValueError, OverflowError):  # whoever makes a commit can write any date into it
        return name, email, "1970-01-01T00:00:00Z"
