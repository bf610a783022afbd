"""Projects and the installations they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.settings import NO_SETTINGS, ProjectSettings


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
    settings: ProjectSettings = NO_SETTINGS

    @property
    def place(self) -> str:
        """Where it lies, for people: its repository and root directory."""
        return f"{self.repository}/{self.root_directory}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Remains:
    """What a deleted project leaves outside of the store: where it was shown, and what may have files or a job."""

    project_id: str
    deleted_at: datetime
    labels: tuple[str, ...]
    finished: tuple[str, ...]
    """The ids of its deployments that were in a final state."""
    unfinished: tuple[str, ...]
    """The ids of its other deployments."""


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

    def create_project(self, project: NewProject, events: Sequence[Event] = ()) -> Project:
        """Create a project; raises ConflictError when its repository and root directory have one already, or when none
        of its names is free."""
        ...

    def set_surfaces(self, project_id: str, surfaces: frozenset[Surface]) -> Project:
        """Remember where a project's deployments are shown on GitHub; raises MissingError."""
        ...

    def set_settings(self, project_id: str, settings: ProjectSettings) -> Project:
        """Remember what a project is told, and let it follow that; raises MissingError."""
        ...

    def delete_project(self, project_id: str) -> None:
        """Forget a project with its deployments, aliases and reports, but for what remains of it elsewhere. From then
        on nothing can be added to it. A large one goes bit by bit: safe to run again, and what was cut off has to
        be."""
        ...

    def remains(self) -> list[Remains]:
        """Return what deleted projects left, until it is forgotten."""
        ...

    def forget_remains(self, project_id: str) -> None:
        """Forget what a deleted project left, because it is cleared away. Safe to run again."""
        ...
