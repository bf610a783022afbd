"""Repositories and the refs that pushes were recorded for."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import IntegrityError, Row

from battleshiper.infra.local.github.git.refs import BRANCHES, create_repository
from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""Each may do what those before it may.

https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles
"""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class NameRefusedError(ValueError):
    """GitHub gives no repository this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name[:100]!r} is no name for a repository: use letters, digits, '.', '-' and '_'")


class NameTakenError(ValueError):
    """The account has a repository of this name."""


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository; its bare git repository is in `folder`."""

    id: int
    owner: Account
    name: str
    default_branch: str
    created_at: str
    pushed_at: str | None
    folder: Path
    private: bool
    archived: bool
    installed: bool
    """Whether the App's installation has it."""
    parent_id: int | None
    """Of a fork."""
    roles: Mapping[int, str] = field(default_factory=dict)
    """What was granted, by the account's number."""

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    def role(self, account: Account) -> str:
        """Return what the account is here, one of ROLES."""
        if account.id == self.owner.id:
            return "admin"
        return self.roles.get(account.id, "none" if self.private else "read")

    def grants(self, account: Account, role: str) -> bool:
        """Tell whether the account has `role` here, or a higher one."""
        return ROLES.index(self.role(account)) >= ROLES.index(role)


class Repositories:
    """Everybody's repositories. Names are compared without regard to case, as on GitHub."""

    def __init__(self, database: Database, accounts: Accounts, folder: Path, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._folder = folder
        self._clock = clock
        self._making = threading.Lock()
        self._has_empty = False

    @staticmethod
    def check_name(name: str) -> None:
        """Raise NameRefusedError when no repository can be called so."""
        if not _NAME.fullmatch(name) or name in (".", "..") or name.lower().endswith((".git", ".wiki")):
            raise NameRefusedError(name)

    def find(self, owner: Account, name: str) -> Repository | None:
        """Return the account's repository of this name, if a push has landed in it."""
        return self._one("owner_id = ? AND name = ? AND pushed_at IS NOT NULL", self._accounts.key(owner), name)

    def find_former(self, owner: Account, name: str) -> Repository | None:
        """Return the repository that was here once, under another name or owner now."""
        where = "id = (SELECT repository_id FROM former_names WHERE owner_id = ? AND name = ?)"
        return self._one(where, self._accounts.key(owner), name)

    def relative(self, repository: Repository, owner: Account) -> Repository | None:
        """Return what the account has of this repository: itself, a fork of it, or what it was forked from."""
        where = "owner_id = ? AND pushed_at IS NOT NULL AND ? IN (id, parent_id) OR id = ? AND owner_id = ?"
        key = self._accounts.key(owner)
        return self._one(where, key, repository.id, repository.parent_id or 0, key)

    def get(self, repository_id: int) -> Repository | None:
        """Return the repository of this id, if a push has landed in it."""
        return self._one("id = ? AND pushed_at IS NOT NULL", repository_id)

    def reload(self, repository: Repository) -> Repository:
        """Return what is recorded of the repository now."""
        return self._read(self._database.rows("SELECT * FROM repositories WHERE id = ?", [repository.id])[0])

    def all(self, *, unborn: bool = False) -> list[Repository]:
        """Return every repository, oldest first; those that no push has landed in yet only for `unborn`."""
        rows = self._database.rows("SELECT * FROM repositories WHERE pushed_at IS NOT NULL OR ? ORDER BY id", [unborn])
        return [self._read(row) for row in rows]

    def prepare(self, owner: Account, name: str, *, installed: bool) -> Repository:
        """Return the account's repository of this name, made now if there is none; raises NameRefusedError."""
        self.check_name(name)
        key = self._accounts.key(owner)
        with self._database.transaction():
            self._database.write(
                "INSERT OR IGNORE INTO repositories (owner_id, name, default_branch, created_at, installed)"
                " VALUES (?, ?, 'main', ?, ?)",
                [key, name, write_moment(self._clock()), installed],
            )
            repository = self._one("owner_id = ? AND name = ?", key, name)
            self._database.write("DELETE FROM former_names WHERE owner_id = ? AND name = ?", [key, name])
        assert repository is not None  # noqa: S101 - it was inserted just now
        if repository.pushed_at is None:  # also where the process ended while it was made
            with self._making:
                create_repository(repository.folder)
        return repository

    def fork(self, parent: Repository, owner: Account, name: str) -> Repository:
        """Record a fork and return it, without refs; raises NameRefusedError and NameTakenError."""
        self.check_name(name)
        now = write_moment(self._clock())
        try:
            number = self._database.write(
                "INSERT INTO repositories (owner_id, name, default_branch, created_at, private, installed, parent_id)"
                " VALUES (?, ?, ?, ?, ?, 0, ?)",
                [self._accounts.key(owner), name, parent.default_branch, now, parent.private, parent.id],
            )
        except IntegrityError:
            raise NameTakenError(name) from None
        return self._read(self._database.rows("SELECT * FROM repositories WHERE id = ?", [number])[0])

    def prepare_empty(self) -> Path:
        """Return the folder of a git repository that stays empty: what a repository looks like before its birth."""
        folder = self._folder / "empty.git"
        if not self._has_empty:
            with self._making:
                create_repository(folder)
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

    def move(self, repository: Repository, owner: Account, name: str) -> Repository:
        """Give it a name, and maybe an owner; the old ones lead to it. Raises NameRefusedError and NameTakenError."""
        self.check_name(name)
        old, new = self._accounts.key(repository.owner), self._accounts.key(owner)
        with self._database.transaction():
            try:
                self._database.write(
                    "UPDATE repositories SET owner_id = ?, name = ? WHERE id = ?", [new, name, repository.id]
                )
            except IntegrityError:
                raise NameTakenError(name) from None
            self._database.write(
                "INSERT OR REPLACE INTO former_names VALUES (?, ?, ?)", [old, repository.name, repository.id]
            )
            self._database.write("DELETE FROM former_names WHERE owner_id = ? AND name = ?", [new, name])
            return self.reload(repository)

    def change(
        self,
        repository: Repository,
        *,
        private: bool | None = None,
        archived: bool | None = None,
        installed: bool | None = None,
    ) -> Repository:
        """Change what is not None, and return what it is now."""
        self._database.write(
            "UPDATE repositories SET private = coalesce(?, private), archived = coalesce(?, archived),"
            " installed = coalesce(?, installed) WHERE id = ?",
            [private, archived, installed, repository.id],
        )
        return self.reload(repository)

    def set_default_branch(self, repository: Repository, branch: str) -> Repository:
        """Choose the default branch, and return what it is now."""
        self._database.write("UPDATE repositories SET default_branch = ? WHERE id = ?", [branch, repository.id])
        return self.reload(repository)

    def delete(self, repository: Repository) -> None:
        """Remove every record of it. Its number is never given again."""
        with self._database.transaction():
            for table in ("comments", "pulls", "deployments", "statuses", "refs"):
                self._database.write(f"DELETE FROM {table} WHERE repository_id = ?", [repository.id])  # noqa: S608 - ours
            self._database.write("UPDATE repositories SET parent_id = NULL WHERE parent_id = ?", [repository.id])
            self._database.write("DELETE FROM repositories WHERE id = ?", [repository.id])

    def grant(self, repository: Repository, account: Account, role: str) -> None:
        """Give the account a role, one of ROLES; `none` takes it away."""
        with self._database.transaction():
            where = [repository.id, account.id]
            self._database.write("DELETE FROM roles WHERE repository_id = ? AND account_id = ?", where)
            if role != "none":
                self._database.write("INSERT INTO roles VALUES (?, ?, ?)", [*where, role])

    def next_number(self, repository: Repository) -> int:
        """Return a fresh number for a pull request."""
        with self._database.transaction():
            self._database.write("UPDATE repositories SET last_number = last_number + 1 WHERE id = ?", [repository.id])
            return self._database.count("SELECT last_number FROM repositories WHERE id = ?", [repository.id])

    def _one(self, where: str, *values: str | int) -> Repository | None:
        row = self._database.row(f"SELECT * FROM repositories WHERE {where}", values)  # noqa: S608 - our own text
        return self._read(row) if row else None

    def _read(self, row: Row) -> Repository:
        roles = self._database.rows("SELECT account_id, role FROM roles WHERE repository_id = ?", [row["id"]])
        return Repository(
            row["id"],
            self._accounts.holder(row["owner_id"]),
            row["name"],
            row["default_branch"],
            row["created_at"],
            row["pushed_at"],
            self._folder / f"{row['id']}.git",
            bool(row["private"]),
            bool(row["archived"]),
            bool(row["installed"]),
            row["parent_id"],
            {role["account_id"]: role["role"] for role in roles},
        )
