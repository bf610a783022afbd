"""A viewer: somebody who looks at the dashboard, and what they may see and do there."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TypeVar

from battleshiper.platform.accounts.reaches import Reaches
from battleshiper.platform.model.account import Account
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.reach import Reach, ReachableRepository
from battleshiper.platform.model.role import Right
from battleshiper.platform.store.port import MissingError, Store

Found = TypeVar("Found")
_RECENT = timedelta(seconds=1)
"""How old GitHub's answer may be where what somebody looks for is not in it."""


class Viewer:
    """One account for one request. What it may not see is missing, just as what is not there. Every method that
    depends on GitHub raises what `Reaches.of` does."""

    is_operator = False

    def __init__(self, account: Account, form_token: str, store: Store, reaches: Reaches) -> None:
        """`form_token` is what the forms that it is shown must carry."""
        self.account = account
        self.form_token = form_token
        self._store = store
        self._reaches = reaches

    def has(self, right: Right) -> bool:
        """Tell whether a role of theirs lets them do something."""
        return right in self.account.rights

    def projects(self) -> Sequence[Project]:
        """Return the projects of repositories that GitHub lets them see, by name."""
        known = self._store.projects()
        # One that was made since GitHub was asked may be theirs.
        if any(
            each.created_at >= self._reach.read_at and not self._reach.may_see(each.repository_id) for each in known
        ):
            self._ask_anew()
        return [project for project in known if self._reach.may_see(project.repository_id)]

    def project(self, name: str) -> Project:
        """Return a project by its name; raises MissingError."""

        def look() -> Project:
            project = self._store.project_named(name)
            if not self._may_see(project):
                raise MissingError("project", name)
            return project

        return self._find(look)

    def deployment(self, deployment_id: str) -> tuple[Deployment, Project]:
        """Return a deployment and its project; raises MissingError."""

        def look() -> tuple[Deployment, Project]:
            deployment = self._store.deployment(deployment_id)
            try:
                project = self._store.project(deployment.project_id)
            except MissingError:  # deleted a moment ago
                raise MissingError("deployment", deployment_id) from None
            if not self._may_see(project):
                raise MissingError("deployment", deployment_id)
            return deployment, project

        return self._find(look)

    def repositories(self) -> list[ReachableRepository]:
        """Return the repositories that they and the App see, by name, as GitHub says now."""
        return self._reaches.repositories(self.account.id)

    def may_write(self, project: Project) -> bool:
        """Tell whether they may change a project: those who may push to its repository, and maintainers here."""
        return self.has(Right.WRITE_PROJECTS) or self._reach.may_write(project.repository_id)

    def may_add(self, repository_id: int) -> bool:
        """Tell whether they may make projects of a repository: those who may push to it, and maintainers here. It may
        be a moment old, so GitHub is asked anew where it is not known."""
        if self.has(Right.WRITE_PROJECTS) or self._reach.may_write(repository_id):
            return True
        self._ask_anew()
        return self._reach.may_write(repository_id)

    def may_read_logs(self, project: Project) -> bool:
        """Tell whether they may read what a project's builds and functions print."""
        return self.has(Right.READ_LOGS) or self._reach.may_see(project.repository_id)

    @property
    def name(self) -> str:
        """Who it is, for people."""
        return self.account.login

    @property
    def signature(self) -> str:
        """Who it is, for the audit log."""
        return self.account.signature

    @cached_property
    def _reach(self) -> Reach:
        return self._reaches.of(self.account.id)

    def _may_see(self, project: Project) -> bool:
        return self.has(Right.READ_PROJECTS) or self._reach.may_see(project.repository_id)

    def _find(self, look: Callable[[], Found]) -> Found:
        """Look again after GitHub was asked anew where nothing is found, as a repository may be a moment old. What is
        absent takes as long as what is foreign."""
        try:
            return look()
        except MissingError:
            if self.has(Right.READ_PROJECTS):
                raise
        self._ask_anew()
        return look()

    def _ask_anew(self) -> None:
        self._reach = self._reaches.of(self.account.id, _RECENT)
