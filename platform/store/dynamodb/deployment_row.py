"""Deployments as rows."""

from dataclasses import replace
from datetime import datetime

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.store.change import Change
from battleshiper.platform.store.dynamodb.table import LISTING, POSITION, deployment_key, shard_of
from battleshiper.platform.store.dynamodb.values import Row, Value, keyed
from battleshiper.platform.store.port import NewDeployment


def created(new: NewDeployment, number: int, now: datetime) -> Deployment:
    """Return a deployment as it is when it is created, with its text as it will be kept."""
    commit = new.commit
    kept = replace(
        commit,
        branch=storable(commit.branch),
        message=storable(commit.message),
        author=storable(commit.author),
    )
    return Deployment(
        new.id,
        new.project_id,
        number,
        kept,
        new.environment,
        new.origin,
        new.state,
        storable(new.reason),
        version=1,
        url=None,
        function=None,
        created_at=now,
        updated_at=now,
        finished_at=now if new.state.is_final else None,
    )


def moved(deployment: Deployment, change: Change, now: datetime) -> Deployment:
    """Return what a deployment becomes; raises ValueError when its state may not follow."""
    state = change.state
    if not deployment.state.may_become(state):
        raise ValueError(f"deployment {deployment.id!r} is {deployment.state} and cannot become {state}")
    return replace(
        deployment,
        state=state,
        reason=storable(change.reason),
        version=deployment.version + 1,
        url=deployment.url if change.url is None else change.url,
        function=deployment.function if change.function is None else change.function,
        updated_at=now,
        building_at=now if state is State.BUILDING else deployment.building_at,
        deploying_at=now if state is State.DEPLOYING else deployment.deploying_at,
        finished_at=now if state.is_final else None,
    )


def to_row(deployment: Deployment, position: str) -> dict[str, Value | None]:
    """Return a deployment's row."""
    commit = deployment.commit
    values: dict[str, Value | None] = {
        LISTING: shard_of("DEPLOYMENTS", deployment.id),
        POSITION: position,
        "id": deployment.id,
        "project_id": deployment.project_id,
        "number": deployment.number,
        "sha": commit.sha,
        "branch": commit.branch,
        "message": commit.message,
        "author": commit.author,
        "parent_sha": commit.parent_sha,
        "pushed_at": commit.pushed_at,
        "tree": commit.tree or None,
        "environment": deployment.environment.value,
        "origin": deployment.origin.value,
        "created_at": to_microseconds(deployment.created_at),
    }
    return keyed(deployment_key(deployment.id), {**values, **changing(deployment)})


def changing(deployment: Deployment) -> dict[str, Value]:
    """Return those attributes of a deployment that change with its state, without those it has not."""
    values: dict[str, Value | None] = {
        "state": deployment.state.value,
        "reason": deployment.reason,
        "version": deployment.version,
        "url": deployment.url,
        "function": deployment.function,
        "updated_at": to_microseconds(deployment.updated_at),
        "building_at": _microseconds(deployment.building_at),
        "deploying_at": _microseconds(deployment.deploying_at),
        "finished_at": _microseconds(deployment.finished_at),
    }
    return {name: value for name, value in values.items() if value is not None}


def to_deployment(row: Row) -> Deployment:
    """Return the deployment in a row."""
    return Deployment(
        row["id"],
        row["project_id"],
        row["number"],
        _commit(row),
        Environment(row["environment"]),
        Origin(row["origin"]),
        State(row["state"]),
        row["reason"],
        row["version"],
        row.get("url"),
        row.get("function"),
        from_microseconds(row["created_at"]),
        from_microseconds(row["updated_at"]),
        _moment(row.get("building_at")),
        _moment(row.get("deploying_at")),
        _moment(row.get("finished_at")),
        _moment(row.get("shown_at")),
        _moment(row.get("expired_at")),
        _moment(row.get("retired_at")),
    )


def _commit(row: Row) -> Commit:
    return Commit(
        row["sha"],
        row["branch"],
        row["message"],
        row["author"],
        row.get("parent_sha"),
        row["pushed_at"],
        row.get("tree", ""),
    )


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else from_microseconds(microseconds)
