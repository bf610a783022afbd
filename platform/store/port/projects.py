"""Projects and the installations they come from."""

from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.project import Project


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to create, unless its repository and root directory have one already.

    `names` are tried in order; the first one free (as a project's name and as an alias) is taken.
    """

    id: str
    names: tuple[str, ...]
    installation_id: int
    account_id: int
    repository_id: int
    repository: str
    root_directory: str = ""


class Projects(Protocol):
    """Projects and the installations they come from."""

    def projects(self) -> list[Project]:
        """Return all projects by name."""
        ...

    def project(self, project_id: str) -> Project:
        """Return a project; raises MissingError."""
        ...

    def project_named(self, name: str) -> Project:
        """Return a project by its name; raises MissingError."""
        ...

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository."""
        ...

    def set_repository(self, project_id: str, *, repository: str, production_branch: str) -> Project:
        """Remember what GitHub says of the project's repository now; raises MissingError."""
        ...

    def delete_project(self, project_id: str) -> None:
        """Forget a project with its deployments, aliases and reports. Safe to run again."""
        ...
