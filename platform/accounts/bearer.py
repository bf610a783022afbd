"""Somebody by a token of theirs: no more than they may do, and no more than the token is for."""

from collections.abc import Sequence

from battleshiper.platform.accounts.caller import ForbiddenError
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.access_token import AccessToken, Scope
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.role import Right


class Bearer:
    """See `Caller`. Every method raises ForbiddenError for what takes another scope, and what `Viewer` does."""

    is_operator = False

    def __init__(self, token: AccessToken, viewer: Viewer) -> None:
        self.token = token
        self._viewer = viewer

    @property
    def name(self) -> str:
        """Who it is."""
        return self._viewer.name

    @property
    def signature(self) -> str:
        """Who it is, for the audit log."""
        return self._viewer.signature

    def has(self, right: Right) -> bool:
        """Tell whether a role of theirs gives the right."""
        self._require(Scope.ADMIN)
        return self._viewer.has(right)

    def projects(self) -> Sequence[Project]:
        """Return the projects of repositories that GitHub lets them see."""
        self._require(Scope.READ)
        return self._viewer.projects()

    def project(self, name: str) -> Project:
        """Return a project; raises MissingError."""
        self._require(Scope.READ)
        return self._viewer.project(name)

    def deployment(self, deployment_id: str) -> tuple[Deployment, Project]:
        """Return a deployment and its project; raises MissingError."""
        self._require(Scope.READ)
        return self._viewer.deployment(deployment_id)

    def may_write(self, project: Project) -> bool:
        """Tell whether they may change a project."""
        self._require(Scope.WRITE)
        return self._viewer.may_write(project)

    def may_add(self, repository_id: int) -> bool:
        """Tell whether they may make projects of a repository."""
        self._require(Scope.WRITE)
        return self._viewer.may_add(repository_id)

    def may_read_logs(self, project: Project) -> bool:
        """Tell whether they may read a project's logs."""
        self._require(Scope.READ)
        return self._viewer.may_read_logs(project)

    def _require(self, scope: Scope) -> None:
        # Who may change something may look at it.
        enough = {scope, Scope.WRITE} if scope is Scope.READ else {scope}
        if not enough & self.token.scopes:
            raise ForbiddenError(f"The token {self.token.name!r} has not the scope {scope.value}.")
