"""Who looks at the pages: what they may see and change there."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import Store


class Viewer(Protocol):
    """One person. What they may not see is to them as if it were not there."""

    @property
    def login(self) -> str:
        """Their name on GitHub; empty for somebody who is not signed in."""
        ...

    @property
    def name(self) -> str:
        """How they want to be called."""
        ...

    @property
    def avatar_url(self) -> str:
        """Where their picture is; may be empty."""
        ...

    @property
    def csrf_token(self) -> str:
        """What every form sends along; nothing is done for a viewer who has none."""
        ...

    @property
    def rights(self) -> frozenset[str]:
        """What their roles let them do besides."""
        ...

    def projects(self) -> Sequence[Project]:
        """Return the projects that they may see, by name."""
        ...

    def project(self, name: str) -> Project:
        """Return a project by its name; raises MissingError, for one that is not theirs alike."""
        ...

    def deployment(self, deployment_id: str) -> tuple[Project, Deployment]:
        """Return a deployment with its project; raises MissingError, for one that is not theirs alike."""
        ...

    def may_write(self, project: Project) -> bool:
        """Tell whether they may change the project and what it shows."""
        ...


class Everybody:
    """Anyone who reaches the pages, where nobody signs in: they see all and change nothing."""

    login = name = avatar_url = csrf_token = ""
    rights: frozenset[str] = frozenset()

    def __init__(self, store: Store) -> None:
        self._store = store

    def projects(self) -> Sequence[Project]:
        """Return all projects."""
        return self._store.projects()

    def project(self, name: str) -> Project:
        """Return any project."""
        return self._store.project_named(name)

    def deployment(self, deployment_id: str) -> tuple[Project, Deployment]:
        """Return any deployment."""
        deployment = self._store.deployment(deployment_id)
        return self._store.project(deployment.project_id), deployment

    def may_write(self, _: Project) -> bool:
        """They may not."""
        return False
