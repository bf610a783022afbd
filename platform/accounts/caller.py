"""Whoever uses the API: the operator, or somebody by a token of theirs."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.role import Right


class Caller(Protocol):
    """What somebody may see and do. What they may not see is missing, just as what is not there; to see and not to be
    allowed to change is a ForbiddenError."""

    @property
    def name(self) -> str:
        """Who it is, for people."""
        ...

    @property
    def signature(self) -> str:
        """Who it is, for the audit log: what does not change hands."""
        ...

    @property
    def is_operator(self) -> bool:
        """True for who sees and does everything."""
        ...

    def has(self, right: Right) -> bool:
        """Tell whether they have a right over everybody's."""
        ...

    def projects(self) -> Sequence[Project]:
        """Return the projects that are theirs, by name."""
        ...

    def project(self, name: str) -> Project:
        """Return a project that they may see; raises MissingError."""
        ...

    def deployment(self, deployment_id: str) -> tuple[Deployment, Project]:
        """Return a deployment that they may see, and its project; raises MissingError."""
        ...

    def may_write(self, project: Project) -> bool:
        """Tell whether they may change a project."""
        ...

    def may_add(self, repository_id: int) -> bool:
        """Tell whether they may make projects of a repository."""
        ...

    def may_read_logs(self, project: Project) -> bool:
        """Tell whether they may read what a project's builds and functions print."""
        ...


class ForbiddenError(Exception):
    """Somebody may see what they ask for, and not do that to it; the message says what would let them."""


def writable(caller: Caller, name: str) -> Project:
    """Return a project that a caller may change; raises MissingError or ForbiddenError."""
    project = caller.project(name)
    check_writable(caller, project)
    return project


def check_writable(caller: Caller, project: Project) -> None:
    """Raise ForbiddenError unless a caller may change a project."""
    if not caller.may_write(project):
        raise ForbiddenError(f"Who may push to {project.repository} may change {project.name}; you may not.")


def check_readable(caller: Caller, project: Project) -> None:
    """Raise ForbiddenError unless a caller may read what a project's builds and functions print."""
    if not caller.may_read_logs(project):
        raise ForbiddenError(f"Who may see {project.repository} on GitHub may read the logs of {project.name}.")


def require(caller: Caller, right: Right) -> None:
    """Raise ForbiddenError unless a caller has a right over everybody's."""
    if not caller.has(right):
        raise ForbiddenError(f"This takes the right {right.value}: a role manager can give you a role that has it.")
