"""Commit statuses."""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database

MAXIMUM = 1000
"""Of one commit and context. https://docs.github.com/en/rest/commits/statuses#create-a-commit-status"""


@dataclass(frozen=True, slots=True)
class NewStatus:
    """A status to add to a commit."""

    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a commit; one is never changed, a newer one of its context takes its place."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created_at: str


class Statuses:
    """Every status of every commit."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def add(self, repository_id: int, new: NewStatus, creator: Account) -> Status:
        """Add a status and return it; there may be `MAXIMUM` of one commit and context (see `is_full`)."""
        at = write_moment(self._clock())
        number = self._database.write(
            "INSERT INTO statuses (repository_id, sha, state, context, description, target_url, creator, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [repository_id, new.sha, new.state, new.context, new.description, new.target_url, creator.login, at],
        )
        return Status(number, new.sha, new.state, new.context, new.description, new.target_url, creator, at)

    def is_full(self, repository_id: int, sha: str, context: str) -> bool:
        """Tell whether this commit and context can have no more statuses."""
        query = "SELECT count(*) FROM statuses WHERE repository_id = ? AND sha = ? AND context = ?"
        return self._database.count(query, [repository_id, sha, context]) >= MAXIMUM

    def of(self, repository_id: int, sha: str) -> list[Status]:
        """Return every status of a commit, newest first."""
        query = "SELECT * FROM statuses WHERE repository_id = ? AND sha = ? ORDER BY id DESC"
        return [self._read(row) for row in self._database.rows(query, [repository_id, sha])]

    def latest(self, repository_id: int, sha: str) -> list[Status]:
        """Return the newest status of each context of a commit, the oldest context first."""
        query = (
            "SELECT * FROM statuses WHERE id IN"
            " (SELECT max(id) FROM statuses WHERE repository_id = ? AND sha = ? GROUP BY context)"
            " ORDER BY context"
        )
        return [self._read(row) for row in self._database.rows(query, [repository_id, sha])]

    def _read(self, row: Row) -> Status:
        return Status(
            row["id"],
            row["sha"],
            row["state"],
            row["context"],
            row["description"],
            row["target_url"],
            self._accounts.author(row["creator"]),
            row["created_at"],
        )


def combine(states: Iterable[str]) -> str:
    """Return the one state that stands for the newest states of all contexts.

    https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
    """
    seen = set(states)
    if seen & {"error", "failure"}:
        return "failure"
    return "success" if seen == {"success"} else "pending"
