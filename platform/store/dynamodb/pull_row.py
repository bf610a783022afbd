"""Pull requests and retirements as rows."""

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    head_pointer,
    head_prefix,
    pull_key,
    repository_key,
    retirement_key,
    target_of,
)
from battleshiper.platform.store.dynamodb.transaction import Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed, setting
from battleshiper.platform.store.port import Acceptance


def find_pull(rows: Rows, repository_id: int, number: int) -> PullRequest | None:
    """Return a pull request, None where it is not known."""
    row = rows.find(pull_key(repository_id, number))
    return None if row is None else _to_pull(row)


def pulls_of_branch(rows: Rows, repository_id: int, branch: str) -> list[PullRequest]:
    """Return the pull requests of a branch, newest first."""
    partition, _ = repository_key(repository_id)
    pointers = rows.below(partition, head_prefix(branch), newest_first=True)
    keys = (pull_key(repository_id, int(target_of(pointer[SORT]))) for pointer in pointers)
    return [pull for pull in map(_to_pull, rows.find_all(keys)) if pull.branch == storable(branch)]


def find_retirement(rows: Rows, repository_id: int, branch: str) -> Retirement | None:
    """Return a branch's retirement, None where there is none."""
    row = rows.find(retirement_key(repository_id, branch))
    return None if row is None else Retirement(repository_id, branch, row["reason"], row["retired_at"])


def add_pulls(transaction: Transaction, acceptance: Acceptance) -> None:
    """Add what an acceptance says of pull requests and retired branches to a transaction."""
    for pull in acceptance.pulls:
        values: Values = {
            "repository_id": pull.repository_id,
            "number": pull.number,
            "branch": pull.branch,
            "sha": pull.sha,
            "is_open": pull.is_open,
            "updated_at": pull.updated_at,
        }
        transaction.update(pull_key(pull.repository_id, pull.number), setting(values), values=values)
        transaction.put(keyed(head_pointer(pull.repository_id, pull.branch, pull.number)))
    for retirement in acceptance.retirements:
        key = retirement_key(retirement.repository_id, retirement.branch)
        transaction.put(keyed(key, {"reason": retirement.reason, "retired_at": retirement.retired_at}))
    for repository_id, branch in acceptance.brought_back:
        transaction.delete(retirement_key(repository_id, branch))


def _to_pull(row: Row) -> PullRequest:
    return PullRequest(
        row["repository_id"], row["number"], row["branch"], row["sha"], row["is_open"], row["updated_at"]
    )
