"""Installations, grants and repositories as rows."""

import sqlite3

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.access import (
    Grant,
    RepositoryFacts,
    newer_facts,
    newer_grant,
    newer_installation,
)
from battleshiper.platform.model.project import Installation, Standing

_INSTALLATION = "SELECT id, account_id, account, standing, told_at FROM installations WHERE id = ?"
_GRANTS = "SELECT repository_id, installation_id, is_given, told_at FROM grants WHERE repository_id = ?"
_FACTS = "SELECT id, full_name, default_branch, is_archived, is_deleted, told_at FROM repositories WHERE id = ?"


def find_installation(connection: sqlite3.Connection, installation_id: int) -> Installation | None:
    """Return an installation, None where it is not known."""
    row = connection.execute(_INSTALLATION, (installation_id,)).fetchone()
    if row is None:
        return None
    _, account_id, account, standing, told_at = row
    return Installation(installation_id, account_id, account, Standing(standing), told_at)


def find_grants(connection: sqlite3.Connection, repository_id: int) -> list[Grant]:
    """Return what is known of the installations that were given a repository."""
    return [_to_grant(*row) for row in connection.execute(_GRANTS, (repository_id,))]


def find_facts(connection: sqlite3.Connection, repository_id: int) -> RepositoryFacts | None:
    """Return what is known of a repository, None where that is nothing."""
    row = connection.execute(_FACTS, (repository_id,)).fetchone()
    if row is None:
        return None
    _, full_name, default_branch, is_archived, is_deleted, told_at = row
    return RepositoryFacts(repository_id, full_name, default_branch, bool(is_archived), bool(is_deleted), told_at)


def keep_installation(connection: sqlite3.Connection, told: Installation) -> None:
    """Remember an installation where nothing newer is known of it."""
    kept = newer_installation(find_installation(connection, told.id), told)
    values = (kept.id, kept.account_id, storable(kept.account), kept.standing.value, kept.told_at)
    connection.execute("REPLACE INTO installations VALUES (?, ?, ?, ?, ?)", values)


def keep_grant(connection: sqlite3.Connection, told: Grant) -> None:
    """Remember a grant where nothing newer is known of it."""
    row = connection.execute(
        f"{_GRANTS} AND installation_id = ?", (told.repository_id, told.installation_id)
    ).fetchone()
    kept = newer_grant(None if row is None else _to_grant(*row), told)
    values = (kept.repository_id, kept.installation_id, kept.is_given, kept.told_at)
    connection.execute("REPLACE INTO grants VALUES (?, ?, ?, ?)", values)


def keep_facts(connection: sqlite3.Connection, told: RepositoryFacts) -> None:
    """Remember a repository where nothing newer is known of it."""
    kept = newer_facts(find_facts(connection, told.id), told)
    branch = None if kept.default_branch is None else storable(kept.default_branch)
    values = (kept.id, storable(kept.full_name), branch, kept.is_archived, kept.is_deleted, kept.told_at)
    connection.execute("REPLACE INTO repositories VALUES (?, ?, ?, ?, ?, ?)", values)


def _to_grant(repository_id: int, installation_id: int, is_given: int, told_at: int) -> Grant:
    return Grant(repository_id, installation_id, bool(is_given), told_at)
