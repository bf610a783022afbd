"""The operator: whoever has the platform's own token may see and do everything."""

from collections.abc import Sequence

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.role import Right
from battleshiper.platform.store.port import Store


class Operator:
    """See `Caller`."""

    name = "the operator"
    signature = "the operator"
    is_operator = True

    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, right: Right) -> bool:  # noqa: ARG002 - it is every right
        """Tell that they have it."""
        return True

    def projects(self) -> Sequence[Project]:
        """Return all projects, by name."""
        return self._store.projects()

    def project(self, name: str) -> Project:
        """Return a project; raises MissingError."""
        return self._store.project_named(name)

    def deployment(self, deployment_id: str) -> tuple[Deployment, Project]:
        """Return a deployment and its project; raises MissingError."""
        deployment = self._store.deployment(deployment_id)
        return deployment, self._store.project(deployment.project_id)

    def may_write(self, project: Project) -> bool:  # noqa: ARG002 - it is any project
        """Tell that they may."""
        return True

    def may_add(self, repository_id: int) -> bool:  # noqa: ARG002 - it is any repository
        """Tell that they may."""
        return True

    def may_read_logs(self, project: Project) -> bool:  # noqa: ARG002 - likewise
        """Tell that they may."""
        return True
