"""What a decision sees of the store, from inside the write that records the decision."""

import sqlite3

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Origin
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import Rival
from battleshiper.platform.store.rivals import latest, was_passed_over
from battleshiper.platform.store.sqlite.project_rows import select_projects

_RIVALS = """SELECT id, sha, parent_sha, pushed_at, origin, state, building_at IS NOT NULL FROM deployments
    WHERE project_id = ? AND branch = ? AND state <> 'superseded' ORDER BY sequence DESC"""


class SqliteKnown:
    """See `Known` in `store.port`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository, by root directory."""
        return select_projects(self._connection, "repository_id = ? ORDER BY root_directory", repository_id)

    def rivals(self, project_id: str, branch: str) -> list[Rival]:
        """Return a branch's latest deployments that were not superseded, a few at most, newest first."""
        rows = self._connection.execute(_RIVALS, (project_id, storable(branch)))
        return latest(
            Rival(deployment_id, sha, parent_sha, pushed_at, Origin(origin), was_passed_over(state, has_begun))
            for deployment_id, sha, parent_sha, pushed_at, origin, state, has_begun in rows
        )
