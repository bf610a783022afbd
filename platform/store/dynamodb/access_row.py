"""Installations, grants and repositories as rows."""

from collections.abc import Iterable

from battleshiper.platform.model.access import (
    Grant,
    RepositoryFacts,
    newer_facts,
    newer_grant,
    newer_installation,
)
from battleshiper.platform.model.project import Installation, Standing
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import (
    GRANT_PREFIX,
    facts_key,
    grant_key,
    installation_key,
    repository_key,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed


def find_grants(rows: Rows, repository_id: int) -> list[Grant]:
    """Return what is known of the installations that were given a repository."""
    partition, _ = repository_key(repository_id)
    return [_to_grant(row) for row in rows.below(partition, GRANT_PREFIX)]


def find_facts(rows: Rows, repository_id: int) -> RepositoryFacts | None:
    """Return what is known of a repository, None where that is nothing."""
    row = rows.find(facts_key(repository_id))
    if row is None:
        return None
    return RepositoryFacts(
        repository_id,
        row["full_name"],
        row.get("default_branch"),
        row["is_archived"],
        row["is_deleted"],
        row["told_at"],
    )


def held_installations(transaction: Transaction, rows: Rows, ids: Iterable[int]) -> dict[int, Installation]:
    """Return those installations that are known, and hold to what is known of each."""
    found = {}
    for installation_id in ids:
        row = rows.find(installation_key(installation_id))
        transaction.check(installation_key(installation_id), *_unchanged(row))
        if row is not None:
            found[installation_id] = _to_installation(installation_id, row)
    return found


def add_installation(transaction: Transaction, rows: Rows, told: Installation) -> None:
    """Add an installation to a transaction where nothing newer is known of it."""
    row = rows.find(installation_key(told.id))
    known = None if row is None else _to_installation(told.id, row)
    kept = newer_installation(known, told)
    if kept == known:
        return
    values: Values = {
        "account_id": kept.account_id,
        "account": kept.account,
        "standing": kept.standing.value,
        "told_at": kept.told_at,
    }
    transaction.put(keyed(installation_key(told.id), values), *_unchanged(row))


def add_grant(transaction: Transaction, rows: Rows, told: Grant) -> None:
    """Add a grant to a transaction where nothing newer is known of it. The repository's row holds to that."""
    key = grant_key(told.repository_id, told.installation_id)
    row = rows.find(key)
    kept = newer_grant(None if row is None else _to_grant(row), told)
    values: Values = {
        "repository_id": kept.repository_id,
        "installation_id": kept.installation_id,
        "is_given": kept.is_given,
        "told_at": kept.told_at,
    }
    transaction.put(keyed(key, values))


def add_facts(transaction: Transaction, rows: Rows, told: RepositoryFacts) -> None:
    """Add a repository to a transaction where nothing newer is known of it. The repository's row holds to that."""
    kept = newer_facts(find_facts(rows, told.id), told)
    values = {
        "full_name": kept.full_name,
        "default_branch": kept.default_branch,
        "is_archived": kept.is_archived,
        "is_deleted": kept.is_deleted,
        "told_at": kept.told_at,
    }
    transaction.put(keyed(facts_key(told.id), values))


def _to_installation(installation_id: int, row: Row) -> Installation:
    standing = Standing(row.get("standing", Standing.ACTIVE))
    return Installation(installation_id, row["account_id"], row["account"], standing, row.get("told_at", 0))


def _to_grant(row: Row) -> Grant:
    return Grant(row["repository_id"], row["installation_id"], row["is_given"], row["told_at"])


def _unchanged(row: Row | None) -> tuple[str, Values | None]:
    """Return the condition that an installation's row is as it was read."""
    if row is None:
        return IS_NEW, None
    if "standing" not in row:  # written before there was such a thing
        return "attribute_not_exists(#standing)", None
    return "#standing = :standing AND #told_at = :told_at", {"standing": row["standing"], "told_at": row["told_at"]}
