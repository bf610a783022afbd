"""How a deployment's state changes: by version, forward only, and with one event."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.change import Change, changed
from battleshiper.platform.store.port import ConflictError
from battleshiper.platform.store.sqlite.deployment_rows import COLUMNS, to_deployment
from battleshiper.platform.store.sqlite.part import SqlitePart

_ADVANCE = f"""UPDATE deployments SET state = :state, reason = :reason, version = version + 1,
    url = coalesce(:url, url), function = coalesce(:function, function), updated_at = :now,
    building_at = iif(:state = 'building', :now, building_at),
    deploying_at = iif(:state = 'deploying', :now, deploying_at),
    finished_at = iif(:is_final, :now, NULL)
    WHERE id = :id AND version = :version
    RETURNING {COLUMNS}"""  # noqa: S608 - constants


class SqliteTransitions(SqlitePart):
    """Changes states within a write that is under way."""

    def _advance(
        self, connection: sqlite3.Connection, deployment: Deployment, change: Change, events: Sequence[Event] = ()
    ) -> Deployment:
        values = {
            "id": deployment.id,
            "version": deployment.version,
            "state": change.state.value,
            "is_final": change.state.is_final,
            "reason": storable(change.reason),
            "url": change.url,
            "function": change.function,
            "now": self._now(),
        }
        row = connection.execute(_ADVANCE, values).fetchone()
        if row is None:
            raise ConflictError(f"deployment {deployment.id!r} is not at version {deployment.version} any more")
        if not deployment.state.may_become(change.state):
            raise ValueError(f"deployment {deployment.id!r} is {deployment.state} and cannot become {change.state}")
        moved = to_deployment(row)
        told = changed(moved.id, moved.project_id, moved.commit.sha, moved.version, moved.state)
        self._enqueue(connection, [told, *events])
        return moved
