"""Pull requests and retirements as rows."""

import sqlite3

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Deployment, Environment
from battleshiper.platform.model.pull_request import PullRequest, Retirement

_SELECT = "SELECT repository_id, number, branch, sha, is_open, updated_at FROM pull_requests WHERE repository_id = ?"
_KEEP = """INSERT INTO pull_requests (repository_id, number, branch, sha, is_open, updated_at)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (repository_id, number) DO UPDATE SET branch = excluded.branch,
    sha = excluded.sha, is_open = excluded.is_open, updated_at = excluded.updated_at"""
_RETIREMENT = """SELECT repository_id, branch, reason, retired_at FROM retirements
    WHERE repository_id = ? AND branch = ?"""
_RETIREMENT_OF = """SELECT retirements.repository_id, branch, reason, retired_at FROM retirements
    JOIN projects ON projects.repository_id = retirements.repository_id WHERE projects.id = ? AND branch = ?"""
_KEEP_RETIREMENT = """INSERT INTO retirements (repository_id, branch, reason, retired_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (repository_id, branch) DO UPDATE SET reason = excluded.reason, retired_at = excluded.retired_at"""
_FORGET_RETIREMENT = "DELETE FROM retirements WHERE repository_id = ? AND branch = ?"


def find_pull(connection: sqlite3.Connection, repository_id: int, number: int) -> PullRequest | None:
    """Return a pull request, None where it is not known."""
    row = connection.execute(f"{_SELECT} AND number = ?", (repository_id, number)).fetchone()
    return None if row is None else _to_pull(*row)


def pulls_of_branch(connection: sqlite3.Connection, repository_id: int, branch: str) -> list[PullRequest]:
    """Return the pull requests of a branch, newest first."""
    rows = connection.execute(f"{_SELECT} AND branch = ? ORDER BY number DESC", (repository_id, storable(branch)))
    return [_to_pull(*row) for row in rows]


def keep_pull(connection: sqlite3.Connection, pull: PullRequest) -> None:
    """Remember a pull request, or what is new about it."""
    values = (pull.repository_id, pull.number, storable(pull.branch), pull.sha, pull.is_open, pull.updated_at)
    connection.execute(_KEEP, values)


def find_retirement(connection: sqlite3.Connection, repository_id: int, branch: str) -> Retirement | None:
    """Return a branch's retirement, None where there is none."""
    row = connection.execute(_RETIREMENT, (repository_id, storable(branch))).fetchone()
    return None if row is None else Retirement(*row)


def find_retirement_of(connection: sqlite3.Connection, deployment: Deployment) -> Retirement | None:
    """Return the retirement that keeps a preview from its branch's hostname, None where there is none."""
    if deployment.environment is Environment.PRODUCTION:
        return None
    values = (deployment.project_id, storable(deployment.commit.branch))
    row = connection.execute(_RETIREMENT_OF, values).fetchone()
    return None if row is None else Retirement(*row)


def keep_retirement(connection: sqlite3.Connection, retirement: Retirement) -> None:
    """Remember that a branch is retired."""
    values = (
        retirement.repository_id,
        storable(retirement.branch),
        storable(retirement.reason),
        retirement.retired_at,
    )
    connection.execute(_KEEP_RETIREMENT, values)


def forget_retirement(connection: sqlite3.Connection, repository_id: int, branch: str) -> None:
    """Forget that a branch was retired."""
    connection.execute(_FORGET_RETIREMENT, (repository_id, storable(branch)))


def _to_pull(repository_id: int, number: int, branch: str, sha: str, is_open: int, updated_at: int) -> PullRequest:
    return PullRequest(repository_id, number, branch, sha, bool(is_open), updated_at)
