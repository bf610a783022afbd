"""Deployments as rows, and the event that tells of each change."""

import sqlite3
from datetime import datetime
from typing import Any

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.port import ConflictError, MissingError, NewDeployment

COLUMNS = """id, project_id, number, sha, branch, message, author, parent_sha, pushed_at, environment, origin, state,
    reason, version, url, function, created_at, updated_at, building_at, deploying_at, finished_at,
    shown_at, expired_at, retired_at, tree"""
_SELECT = f"SELECT {COLUMNS} FROM deployments"  # noqa: S608 - constants
_NUMBER = "UPDATE projects SET last_number = last_number + 1 WHERE id = ? RETURNING last_number"
_INSERT = f"""INSERT INTO deployments ({COLUMNS})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, NULL, NULL, ?14, ?14, NULL, NULL, ?15, NULL, NULL, NULL, ?16)
    ON CONFLICT (id) DO NOTHING"""  # noqa: S608 - constants


def to_deployment(row: tuple[Any, ...]) -> Deployment:
    """Return the deployment in a row of `COLUMNS`."""
    deployment_id, project_id, number = row[:3]
    sha, branch, message, author, parent_sha, pushed_at = row[3:9]
    environment, origin, state, reason, version, url, function = row[9:16]
    created_at, updated_at, *moments, tree = row[16:]
    return Deployment(
        deployment_id,
        project_id,
        number,
        Commit(sha, branch, message, author, parent_sha, pushed_at, tree),
        Environment(environment),
        Origin(origin),
        State(state),
        reason,
        version,
        url,
        function,
        from_microseconds(created_at),
        from_microseconds(updated_at),
        *map(_moment, moments),
    )


def select_deployments(connection: sqlite3.Connection, condition: str, *values: object) -> list[Deployment]:
    """Return the deployments that `condition`, SQL of our own with a place for each value, selects."""
    return [to_deployment(row) for row in connection.execute(f"{_SELECT} WHERE {condition}", values)]


def find_deployment(connection: sqlite3.Connection, deployment_id: str) -> Deployment:
    """Return a deployment; raises MissingError."""
    found = select_deployments(connection, "id = ?", deployment_id)
    if not found:
        raise MissingError("deployment", deployment_id)
    return found[0]


def insert_deployment(connection: sqlite3.Connection, new: NewDeployment, now: int) -> Event:
    """Create a deployment and return the event that tells of it. Raises MissingError without its project and
    ConflictError when the id is taken."""
    numbered = connection.execute(_NUMBER, (new.project_id,)).fetchone()
    if numbered is None:
        raise MissingError("project", new.project_id)
    commit = new.commit
    values = (
        new.id,
        new.project_id,
        numbered[0],
        commit.sha,
        storable(commit.branch),
        storable(commit.message),
        storable(commit.author),
        commit.parent_sha,
        commit.pushed_at,
        new.environment.value,
        new.origin.value,
        new.state.value,
        storable(new.reason),
        now,
        now if new.state.is_final else None,
        commit.tree,
    )
    if connection.execute(_INSERT, values).rowcount == 0:
        raise ConflictError(f"there is a deployment {new.id!r} already")
    return changed(new.id, new.project_id, commit.sha, 1, new.state)


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else from_microseconds(microseconds)
