"""Repositories and the refs that pushes were recorded for."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row

from battleshiper.infra.local.github.git.refs import BRANCHES, create_repository
from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class NameRefusedError(ValueError):
    """GitHub gives no repository this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name[:100]!r} is no name for a repository: use letters, digits, '.', '-' and '_'")


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository; its bare git repository is in `folder`."""

    id: int
    name: str
    default_branch: str
    created_at: str
    pushed_at: str | None
    folder: Path


class Repositories:
    """The owner's repositories. Names are compared without regard to case, as on GitHub."""

    def __init__(self, database: Database, folder: Path, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._making = threading.Lock()
        self._has_empty = False

    @staticmethod
    def check_name(name: str) -> None:
        """Raise NameRefusedError when no repository can be called so."""
        if not _NAME.fullmatch(name) or name in (".", "..") or name.lower().endswith((".git", ".wiki")):
            raise NameRefusedError(name)

    def find(self, name: str) -> Repository | None:
        """Return the repository of this name, if a push has landed in it."""
        row = self._database.row("SELECT * FROM repositories WHERE name = ? AND pushed_at IS NOT NULL", [name])
        return self._read(row) if row else None

    def get(self, repository_id: int) -> Repository | None:
        """Return the repository of this id, if a push has landed in it."""
        row = self._database.row("SELECT * FROM repositories WHERE id = ? AND pushed_at IS NOT NULL", [repository_id])
        return self._read(row) if row else None

    def reload(self, repository: Repository) -> Repository:
        """Return what is recorded of the repository now."""
        return self._read(self._database.rows("SELECT * FROM repositories WHERE id = ?", [repository.id])[0])

    def all(self, *, unborn: bool = False) -> list[Repository]:
        """Return every repository, oldest first; those that no push has landed in yet only for `unborn`."""
        rows = self._database.rows("SELECT * FROM repositories WHERE pushed_at IS NOT NULL OR ? ORDER BY id", [unborn])
        return [self._read(row) for row in rows]

    def prepare(self, name: str) -> Repository:
        """Return the repository of this name, made now if there is none; raises NameRefusedError."""
        self.check_name(name)
        with self._database.transaction():
            self._database.write(
                "INSERT OR IGNORE INTO repositories (name, default_branch, created_at) VALUES (?, 'main', ?)",
                [name, write_moment(self._clock())],
            )
            row = self._database.row("SELECT * FROM repositories WHERE name = ?", [name])
        assert row is not None  # noqa: S101 - it was inserted just now
        repository = self._read(row)
        if repository.pushed_at is None:  # also where the process ended while it was made
            self._make(repository.folder)
        return repository

    def prepare_empty(self) -> Path:
        """Return the folder of a git repository that stays empty: what a repository looks like before its birth."""
        folder = self._folder / "empty.git"
        if not self._has_empty:
            self._make(folder)
            self._has_empty = True
        return folder

    def refs(self, repository: Repository) -> dict[str, str]:
        """Return the recorded refs by their full names."""
        rows = self._database.rows("SELECT name, sha FROM refs WHERE repository_id = ? ORDER BY name", [repository.id])
        return {row["name"]: row["sha"] for row in rows}

    def branches(self, repository: Repository) -> dict[str, str]:
        """Return the recorded branches by their short names."""
        refs = self.refs(repository)
        return {name.removeprefix(BRANCHES): sha for name, sha in refs.items() if name.startswith(BRANCHES)}

    def record_refs(self, repository: Repository, refs: dict[str, str], default_branch: str) -> None:
        """Replace the recorded refs; the repository was pushed to now."""
        with self._database.transaction():
            self._database.write("DELETE FROM refs WHERE repository_id = ?", [repository.id])
            for name, sha in refs.items():
                self._database.write("INSERT INTO refs VALUES (?, ?, ?)", [repository.id, name, sha])
            self._database.write(
                "UPDATE repositories SET pushed_at = ?, default_branch = ? WHERE id = ?",
                [write_moment(self._clock()), default_branch, repository.id],
            )

    def next_number(self, repository: Repository) -> int:
        """Return a fresh number for a pull request."""
        with self._database.transaction():
            self._database.write("UPDATE repositories SET last_number = last_number + 1 WHERE id = ?", [repository.id])
            return self._database.count("SELECT last_number FROM repositories WHERE id = ?", [repository.id])

    def _make(self, folder: Path) -> None:
        with self._making:
            create_repository(folder)

    def _read(self, row: Row) -> Repository:
        return Repository(
            row["id"],
            row["name"],
            row["default_branch"],
            row["created_at"],
            row["pushed_at"],
            self._folder / f"{row['id']}.git",
        )
