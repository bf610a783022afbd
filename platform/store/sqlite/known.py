"""What a decision sees of the store, from inside the write that records the decision."""

import sqlite3

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.deployment import Origin
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.port import Rival
from battleshiper.platform.store.rivals import latest, was_passed_over
from battleshiper.platform.store.sqlite.project_rows import select_projects
from battleshiper.platform.store.sqlite.pull_rows import find_pull, find_retirement, pulls_of_branch

_RIVALS = """SELECT id, sha, parent_sha, pushed_at, origin, state, building_at IS NOT NULL,
    state = 'canceled' OR expired_at IS NOT NULL FROM deployments
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
            Rival(deployment_id, sha, parent, pushed_at, Origin(origin), was_passed_over(state, begun), bool(is_gone))
            for deployment_id, sha, parent, pushed_at, origin, state, begun, is_gone in rows
        )

    def pull(self, repository_id: int, number: int) -> PullRequest | None:
        """Return a pull request, None for one that we have not heard of."""
        return find_pull(self._connection, repository_id, number)

    def pulls_of_branch(self, repository_id: int, branch: str) -> list[PullRequest]:
        """Return the pull requests of a branch, newest first."""
        return pulls_of_branch(self._connection, repository_id, branch)

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        return find_retirement(self._connection, repository_id, branch)
