"""Pull requests, between two branches of one repository or of a fork and its parent."""

from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.repositories import Repositories, Repository


@dataclass(frozen=True, slots=True)
class NewPull:
    """A pull request to open: merge `head` of `head_repository` into `base`."""

    title: str
    body: str | None
    head_repository: Repository
    head: str
    head_sha: str
    base: str
    base_sha: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. `state` is `open` or `closed`; `merge_sha` is the commit that merged it."""

    id: int
    repository_id: int
    number: int
    title: str
    body: str | None
    creator: Account
    draft: bool
    state: str
    head_repository: Repository | None
    """None when it was deleted."""
    head_owner: Account
    head: str
    head_sha: str
    base: str
    base_sha: str
    merge_sha: str | None
    created_at: str
    updated_at: str
    closed_at: str | None
    merged_at: str | None

    @property
    def label(self) -> str:
        """The head as people name it: `account:branch`."""
        return f"{self.head_owner.login}:{self.head}"

    @property
    def crosses(self) -> bool:
        """Whether the head is in another repository than the base."""
        return self.head_repository is None or self.head_repository.id != self.repository_id


class Pulls:
    """Every pull request of every repository."""

    def __init__(self, database: Database, accounts: Accounts, repositories: Repositories, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._repositories = repositories
        self._clock = clock

    def open(self, repository_id: int, number: int, new: NewPull, creator: Account) -> Pull:
        """Open a pull request under a fresh number and return it."""
        at = write_moment(self._clock())
        self._database.write(
            "INSERT INTO pulls (repository_id, number, title, body, creator, draft, state, head_repository_id,"
            " head_owner_id, head, head_sha, base, base_sha, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                repository_id,
                number,
                new.title,
                new.body,
                creator.login,
                new.draft,
                new.head_repository.id,
                self._accounts.key(new.head_repository.owner),
                new.head,
                new.head_sha,
                new.base,
                new.base_sha,
                at,
                at,
            ],
        )
        return self._expect(repository_id, number)

    def get(self, repository_id: int, number: int) -> Pull | None:
        """Return one pull request."""
        query = "SELECT * FROM pulls WHERE repository_id = ? AND number = ?"
        row = self._database.row(query, [repository_id, number])
        return self._read(row) if row else None

    def of(self, repository_id: int, *, state: str = "all") -> list[Pull]:
        """Return the pull requests in `state` (`open`, `closed` or `all`), newest first."""
        query = "SELECT * FROM pulls WHERE repository_id = ? AND ? IN (state, 'all') ORDER BY number DESC"
        return [self._read(row) for row in self._database.rows(query, [repository_id, state])]

    def around(self, repository_id: int) -> list[Pull]:
        """Return the open pull requests into a repository and out of it, oldest first."""
        query = "SELECT * FROM pulls WHERE ? IN (repository_id, head_repository_id) AND state = 'open' ORDER BY id"
        return [self._read(row) for row in self._database.rows(query, [repository_id])]

    def rewrite(self, pull: Pull, title: str, body: str | None) -> Pull:
        """Change the words and return what it is now."""
        return self._change(pull, "title = ?, body = ?", title, body)

    def move_head(self, pull: Pull, head_sha: str, base_sha: str) -> Pull:
        """Follow the branches and return what it is now."""
        return self._change(pull, "head_sha = ?, base_sha = ?", head_sha, base_sha)

    def set_draft(self, pull: Pull, *, draft: bool) -> Pull:
        """Make it a draft, or ready for review, and return what it is now."""
        return self._change(pull, "draft = ?", int(draft))

    def close(self, pull: Pull, merge_sha: str | None) -> Pull:
        """Close it, merged by a commit or not, and return what it is now."""
        at = write_moment(self._clock())
        merged_at = at if merge_sha else None
        return self._change(
            pull, "state = 'closed', closed_at = ?, merged_at = ?, merge_sha = ?", at, merged_at, merge_sha
        )

    def reopen(self, pull: Pull) -> Pull:
        """Open it again and return what it is now."""
        return self._change(pull, "state = 'open', closed_at = NULL")

    def orphan(self, pull: Pull) -> Pull:
        """Forget where the head is, and return what it is now."""
        return self._change(pull, "head_repository_id = NULL")

    def _change(self, pull: Pull, change: str, *values: str | int | None) -> Pull:
        with self._database.transaction():
            self._database.write(
                f"UPDATE pulls SET {change}, updated_at = ? WHERE id = ?",  # noqa: S608 - our own text
                [*values, write_moment(self._clock()), pull.id],
            )
            return self._expect(pull.repository_id, pull.number)

    def _expect(self, repository_id: int, number: int) -> Pull:
        pull = self.get(repository_id, number)
        if pull is None:
            raise LookupError(f"there is no pull request {number}")
        return pull

    def _read(self, row: Row) -> Pull:
        head_id = row["head_repository_id"]
        return Pull(
            row["id"],
            row["repository_id"],
            row["number"],
            row["title"],
            row["body"],
            self._accounts.author(row["creator"]),
            bool(row["draft"]),
            row["state"],
            None if head_id is None else self._repositories.get(head_id),
            self._accounts.holder(row["head_owner_id"]),
            row["head"],
            row["head_sha"],
            row["base"],
            row["base_sha"],
            row["merge_sha"],
            row["created_at"],
            row["updated_at"],
            row["closed_at"],
            row["merged_at"],
        )
