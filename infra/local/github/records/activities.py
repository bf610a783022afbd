"""What was done to branches."""

from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database, Value

KINDS = ("push", "force_push", "branch_creation", "branch_deletion", "pr_merge", "merge_queue_merge")
"""https://docs.github.com/en/rest/repos/repos#list-repository-activities"""


NEWEST = 2**62
"""Greater than any number."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A branch was made, moved or deleted."""

    id: int
    ref: str
    before: str
    after: str
    kind: str
    actor: Account
    created_at: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities to return; empty for all."""

    ref: str = ""
    kind: str = ""
    actor: str = ""
    since: str = ""
    """A moment as GitHub writes it."""
    before_id: int = NEWEST


class Activities:
    """Keeps them."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def add(self, repository_id: int, ref: str, before: str, after: str, kind: str, actor: Account) -> None:
        """Keep what was done."""
        sql = (
            "INSERT INTO activities (repository_id, ref, before, after, kind, actor, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        values: list[Value] = [repository_id, ref, before, after, kind, actor.login, write_moment(self._clock())]
        self._database.write(sql, values)

    def of(self, repository_id: int, wanted: Wanted, limit: int) -> list[Activity]:
        """Return what was done to a repository's branches, the latest first."""
        conditions = {"ref = ?": wanted.ref, "kind = ?": wanted.kind, "actor = ?": wanted.actor}
        conditions |= {"created_at >= ?": wanted.since}
        given: dict[str, Value] = {condition: value for condition, value in conditions.items() if value}
        where = " AND ".join(["repository_id = ?", "id < ?", *given])
        sql = f"SELECT * FROM activities WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - constants
        values = [repository_id, wanted.before_id, *given.values(), limit]
        return [self._read(row) for row in self._database.rows(sql, values)]

    def _read(self, row: Row) -> Activity:
        actor = self._accounts.author(row["actor"])
        return Activity(row["id"], row["ref"], row["before"], row["after"], row["kind"], actor, row["created_at"])
