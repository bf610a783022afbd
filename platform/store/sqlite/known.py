"""What a decision sees of the store, from inside the write that records the decision."""

import sqlite3

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.sqlite.deployment_rows import select_deployments
from battleshiper.platform.store.sqlite.project_rows import select_projects


class SqliteKnown:
    """See `Known` in `store.port`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository, by root directory."""
        return select_projects(self._connection, "repository_id = ? ORDER BY root_directory", repository_id)

    def deployments(self, project_id: str, *, branch: str, limit: int) -> list[Deployment]:
        """Return a branch's deployments, newest first."""
        condition = "project_id = ? AND branch = ? ORDER BY sequence DESC LIMIT ?"
        return select_deployments(self._connection, condition, project_id, storable(branch), limit)
