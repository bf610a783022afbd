"""Changes: the files that differ between two commits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from battleshiper.infra.local.github.git.process import run

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs. `sha` is of its content, empty when it is gone; `previous` is its name before."""

    path: str
    status: str
    sha: str
    additions: int
    deletions: int
    previous: str = ""


def read_changes(folder: Path, before: str | None, after: str) -> list[FileChange]:
    """Return what changed from commit `before` (None: from nothing) to commit `after`."""
    out = run(
        folder,
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--numstat",
        "--find-renames",
        "--no-abbrev",
        "--end-of-options",
        before or _EMPTY_TREE,
        after,
    )
    parts = iter(out.split("\0"))
    raw: list[tuple[str, str, str, str]] = []
    lines: dict[str, tuple[int, int]] = {}
    for part in parts:
        if part.startswith(":"):
            *_, sha, status = part.split(" ")
            name = next(parts)
            previous, name = (name, next(parts)) if status[0] in "RC" else ("", name)
            raw.append((name, status[0], sha, previous))
        elif part:
            added, deleted, name = part.split("\t", 2)
            if not name:
                next(parts)
                name = next(parts)
            lines[name] = (_number(added), _number(deleted))
    return [
        FileChange(
            name, _STATUS.get(status, "changed"), "" if status == "D" else sha, *lines.get(name, (0, 0)), previous
        )
        for name, status, sha, previous in raw
    ]


@dataclass(slots=True)
class TouchedFiles:
    """The files that one commit added, removed and modified, by name."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)


def list_touched(folder: Path, shas: Sequence[str]) -> dict[str, TouchedFiles]:
    """Return what each commit did to its first parent's files; a renamed file is one removed and one added."""
    if not shas:
        return {}
    options = ("-r", "-z", "--root", "--name-status", "--no-renames", "--diff-merges=first-parent")
    parts = iter(run(folder, "diff-tree", "--stdin", *options, lines=shas).split("\0"))
    touched = {sha: TouchedFiles() for sha in shas}
    current = TouchedFiles()
    for part in parts:
        if part in touched:
            current = touched[part]
        elif part:
            by_status = {"A": current.added, "D": current.removed}
            by_status.get(part, current.modified).append(next(parts))
    return touched


def _number(text: str) -> int:
    return 0 if text == "-" else int(text)  # git counts no lines in binary files
