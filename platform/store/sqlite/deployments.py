"""Deployments in SQLite."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Deployment, Origin, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.change import Change
from battleshiper.platform.store.port import ConflictError, NewDeployment
from battleshiper.platform.store.rivals import is_refused
from battleshiper.platform.store.sqlite.alias_rows import note_shown
from battleshiper.platform.store.sqlite.deployment_rows import (
    find_deployment,
    insert_deployment,
    select_deployments,
)
from battleshiper.platform.store.sqlite.known import SqliteKnown
from battleshiper.platform.store.sqlite.transitions import SqliteTransitions

_PORTABLE = "project_id = ? AND tree = ? AND is_portable AND expired_at IS NULL ORDER BY number DESC"


class SqliteDeployments(SqliteTransitions):
    """See `Deployments` in `store.port`."""

    def create_deployment(self, deployment: NewDeployment, events: Sequence[Event] = ()) -> Deployment:
        """Create a deployment; raises MissingError without its project and ConflictError when the id is taken."""

        def create(connection: sqlite3.Connection) -> Deployment:
            branch = deployment.commit.branch
            is_unasked = deployment.origin in (Origin.INITIAL, Origin.MISSED)
            if is_unasked and is_refused(deployment, SqliteKnown(connection).rivals(deployment.project_id, branch)):
                raise ConflictError(f"branch {branch!r} has a deployment already")
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

    def borrow(self, deployment: Deployment) -> Deployment | None:
        """Return the newest deployment whose build can serve for this one, which does not expire for a day then."""
        tree, is_outside = deployment.commit.tree, deployment.commit.is_outside
        if not tree:
            return None

        def borrow(connection: sqlite3.Connection) -> Deployment | None:
            found = select_deployments(connection, _PORTABLE, deployment.project_id, tree)
            lender = next((each for each in found if each.commit.is_outside is is_outside), None)
            if lender is not None:
                note_shown(connection, [lender.id], self._now())
            return lender

        return self._database.write(borrow)

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

        change = Change(state, reason, url, function)
        return self._database.write(lambda connection: self._advance(connection, deployment, change, events))
