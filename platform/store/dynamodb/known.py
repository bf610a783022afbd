"""What a decision sees of the store: strongly consistent, and held to by the transaction that records it."""

from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.dynamodb.project_row import to_project
from battleshiper.platform.store.dynamodb.pull_row import find_pull, find_retirement, pulls_of_branch
from battleshiper.platform.store.dynamodb.rows import Rows
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
                row["state"] == State.CANCELED or "expired_at" in row,
            )
            for row in rivals
        )

    def pull(self, repository_id: int, number: int) -> PullRequest | None:
        """Return a pull request, None for one that we have not heard of."""
        return find_pull(self._held(repository_id), repository_id, number)

    def pulls_of_branch(self, repository_id: int, branch: str) -> list[PullRequest]:
        """Return the pull requests of a branch, newest first."""
        return pulls_of_branch(self._held(repository_id), repository_id, branch)

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        return find_retirement(self._held(repository_id), repository_id, branch)

    def _held(self, repository_id: int) -> Rows:
        # Its row stands for all that is read of the repository afterwards.
        self._snapshot.repository(repository_id)
        return self._snapshot.rows
