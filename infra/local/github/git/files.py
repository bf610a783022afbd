"""The files of a commit."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.local.github.git.process import environment, run


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file or folder, as git names it."""

    mode: str
    type: str
    sha: str
    path: str


def list_files(folder: Path, sha: str, path: str = "", *, is_deep: bool = False) -> list[TreeEntry]:
    """Return what a commit has at its top, in all its folders, or at one path; raises GitError."""
    options = ("-r", "-t") if is_deep else ()
    told = run(folder, "ls-tree", "-z", "--full-tree", *options, sha, *(("--", path) if path else ()))
    entries = []
    for line in filter(None, told.split("\0")):
        about, _, name = line.partition("\t")
        mode, kind, entry_sha = about.split()
        entries.append(TreeEntry(mode, kind, entry_sha, name))
    return entries


def read_file(folder: Path, sha: str) -> bytes:
    """Return what a blob holds."""
    command = ["git", "--git-dir", str(folder), "cat-file", "blob", sha]
    return subprocess.run(command, env=environment(), capture_output=True, check=True).stdout
