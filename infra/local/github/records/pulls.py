"""Pull requests, between two branches of one repository."""

from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database


@dataclass(frozen=True, slots=True)
class NewPull:
    """A pull request to open: merge `head` into `base`."""

    title: str
    body: str | None
    head: str
    head_sha: str
    base: str
    base_sha: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. `state` is `open` or `closed`; `merge_sha` is the commit that merged it."""

    id: int
    number: int
    title: str
    body: str | None
    creator: str
    draft: bool
    state: str
    head: str
    head_sha: str
    base: str
    base_sha: str
    merge_sha: str | None
    created_at: str
    updated_at: str
    closed_at: str | None
    merged_at: str | None


class Pulls:
    """Every pull request of every repository."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(self, repository_id: int, number: int, new: NewPull, creator: str) -> Pull:
        """Open a pull request under a fresh number and return it."""
        at = write_moment(self._clock())
        self._database.write(
            "INSERT INTO pulls (repository_id, number, title, body, creator, draft, state, head, head_sha, base,"
            " base_sha, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?)",
            [
                repository_id,
                number,
                new.title,
                new.body,
                creator,
                new.draft,
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
        return _read(row) if row else None

    def of(self, repository_id: int, *, state: str = "all") -> list[Pull]:
        """Return the pull requests in `state` (`open`, `closed` or `all`), newest first."""
        query = "SELECT * FROM pulls WHERE repository_id = ? AND ? IN (state, 'all') ORDER BY number DESC"
        return [_read(row) for row in self._database.rows(query, [repository_id, state])]

    def rewrite(self, repository_id: int, number: int, title: str, body: str | None) -> Pull:
        """Change the words and return what it is now."""
        return self._change(repository_id, number, "title = ?, body = ?", title, body)

    def move_head(self, repository_id: int, number: int, head_sha: str, base_sha: str) -> Pull:
        """Follow the branches and return what it is now."""
        return self._change(repository_id, number, "head_sha = ?, base_sha = ?", head_sha, base_sha)

    def close(self, repository_id: int, number: int, merge_sha: str | None) -> Pull:
        """Close it, merged by a commit or not, and return what it is now."""
        at = write_moment(self._clock())
        merged_at = at if merge_sha else None
        change = "state = 'closed', closed_at = ?, merged_at = ?, merge_sha = ?"
        return self._change(repository_id, number, change, at, merged_at, merge_sha)

    def reopen(self, repository_id: int, number: int) -> Pull:
        """Open it again and return what it is now."""
        return self._change(repository_id, number, "state = 'open', closed_at = NULL")

    def _change(self, repository_id: int, number: int, change: str, *values: str | None) -> Pull:
        with self._database.transaction():
            self._database.write(
                f"UPDATE pulls SET {change}, updated_at = ? WHERE repository_id = ? AND number = ?",  # noqa: S608 - our own text
                [*values, write_moment(self._clock()), repository_id, number],
            )
            return self._expect(repository_id, number)

    def _expect(self, repository_id: int, number: int) -> Pull:
        pull = self.get(repository_id, number)
        if pull is None:
            raise LookupError(f"there is no pull request {number}")
        return pull


def _read(row: Row) -> Pull:
    return Pull(
        row["id"],
        row["number"],
        row["title"],
        row["body"],
        row["creator"],
        bool(row["draft"]),
        row["state"],
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
