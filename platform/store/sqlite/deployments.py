"""Deployments in SQLite."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.port import ConflictError, NewDeployment
from battleshiper.platform.store.sqlite.deployment_rows import (
    COLUMNS,
    changed,
    find_deployment,
    insert_deployment,
    select_deployments,
    to_deployment,
)
from battleshiper.platform.store.sqlite.part import SqlitePart

_ADVANCE = f"""UPDATE deployments SET state = :state, reason = :reason, version = version + 1,
    url = coalesce(:url, url), function = coalesce(:function, function), updated_at = :now,
    building_at = iif(:state = 'building', :now, building_at),
    deploying_at = iif(:state = 'deploying', :now, deploying_at),
    finished_at = iif(:is_final, :now, NULL)
    WHERE id = :id AND version = :version
    RETURNING {COLUMNS}"""  # noqa: S608 - constants


class SqliteDeployments(SqlitePart):
    """See `Deployments` in `store.port`."""

    def create_deployment(self, deployment: NewDeployment, events: Sequence[Event] = ()) -> Deployment:
        """Create a deployment; raises MissingError without its project and ConflictError when the id is taken."""

        def create(connection: sqlite3.Connection) -> Deployment:
            told = insert_deployment(connection, deployment, self._now())
            self._enqueue(connection, [told, *events])
            return find_deployment(connection, deployment.id)

        return self._database.write(create)

    def deployment(self, deployment_id: str) -> Deployment:
        """Return a deployment; raises MissingError."""
        return self._database.read(lambda connection: find_deployment(connection, deployment_id))

    def deployments(
        self, project_id: str | None = None, *, branch: str | None = None, limit: int = 50
    ) -> list[Deployment]:
        """Return deployments, newest first; of a project and a branch where they are named."""
        wanted = {"project_id": project_id, "branch": None if branch is None else storable(branch)}
        given = {column: value for column, value in wanted.items() if value is not None}
        condition = " AND ".join(f"{column} = ?" for column in given) or "true"
        return self._database.read(
            lambda connection: select_deployments(
                connection, f"{condition} ORDER BY sequence DESC LIMIT ?", *given.values(), limit
            )
        )

    def unfinished(self) -> list[Deployment]:
        """Return every deployment that is not in a final state, oldest first."""
        condition = "finished_at IS NULL ORDER BY sequence"
        return self._database.read(lambda connection: select_deployments(connection, condition))

    def advance(
        self,
        deployment: Deployment,
        state: State,
        *,
        reason: str = "",
        url: str | None = None,
        function: str | None = None,
        events: Sequence[Event] = (),
    ) -> Deployment:
        """Move a deployment to `state`; raises ConflictError when it moved meanwhile or is gone, and ValueError
        when its state may not become `state`."""

        def move(connection: sqlite3.Connection) -> Deployment:
            values = {
                "id": deployment.id,
                "version": deployment.version,
                "state": state.value,
                "is_final": state.is_final,
                "reason": storable(reason),
                "url": url,
                "function": function,
                "now": self._now(),
            }
            row = connection.execute(_ADVANCE, values).fetchone()
            if row is None:
                raise ConflictError(f"deployment {deployment.id!r} is not at version {deployment.version} any more")
            if not deployment.state.may_become(state):
                raise ValueError(f"deployment {deployment.id!r} is {deployment.state} and cannot become {state}")
            moved = to_deployment(row)
            told = changed(moved.id, moved.project_id, moved.commit.sha, moved.version, state)
            self._enqueue(connection, [told, *events])
            return moved

        return self._database.write(move)
