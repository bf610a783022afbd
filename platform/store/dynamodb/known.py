"""What a decision sees of the store: strongly consistent, and held to by the transaction that records it."""

from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.dynamodb.project_row import to_project
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.port import Rival
from battleshiper.platform.store.rivals import latest, was_passed_over

_PAGE = 8


class DynamoKnown:
    """See `Known` in `store.port`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository, by root directory."""
        projects = map(to_project, self._snapshot.projects_of(repository_id))
        return sorted(projects, key=lambda project: project.root_directory)

    def rivals(self, project_id: str, branch: str) -> list[Rival]:
        """Return a branch's latest deployments that were not superseded, a few at most, newest first."""
        rows = self._snapshot.branch(project_id, branch, _PAGE)
        rivals = (row for row in rows if row["state"] != State.SUPERSEDED)
        return latest(
            Rival(
                row["id"],
                row["sha"],
                row.get("parent_sha"),
                row["pushed_at"],
                Origin(row["origin"]),
                was_passed_over(row["state"], "building_at" in row),
            )
            for row in rivals
        )
