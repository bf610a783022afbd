"""A project: one site, built from one root directory of one repository."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from battleshiper.platform.model.settings import NO_SETTINGS, ProjectSettings


class Surface(StrEnum):
    """Where GitHub shows people how a deployment stands."""

    STATUS = "status"
    DEPLOYMENT = "deployment"
    COMMENT = "comment"


ALL_SURFACES = frozenset(Surface)


class Standing(StrEnum):
    """Whether an installation may act."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    GONE = "gone"
    """Uninstalled. An account that installs the App again gets another id."""


class Access(StrEnum):
    """Whether a project's repository may be read and built; if not, why."""

    GRANTED = "granted"
    SUSPENDED = "suspended"
    UNINSTALLED = "uninstalled"
    REMOVED = "removed"
    """The repository was taken from the App."""
    ARCHIVED = "archived"
    DELETED = "deleted"
    """The repository was."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The App installed on a GitHub account (user or organisation)."""

    id: int
    account_id: int
    account: str
    standing: Standing = Standing.ACTIVE
    told_at: int = 0
    """Unix seconds as GitHub says it, 0 when unknown; orders what GitHub tells of it."""


@dataclass(frozen=True, slots=True)
class Project:
    """One site.

    `name` is the label of the production hostname and never changes by itself; `repository` is GitHub's
    `owner/name`, which may change, so everything is looked up by `repository_id`.
    """

    id: str
    name: str
    installation_id: int
    account_id: int
    repository_id: int
    repository: str
    production_branch: str | None
    """The one in the settings, else the repository's default branch; None until GitHub has told us that."""
    root_directory: str
    """Where the site lies in the repository, without slashes at the ends; empty for the top."""
    created_at: datetime
    surfaces: frozenset[Surface] = ALL_SURFACES
    """Where its deployments are shown on GitHub."""
    access: Access = Access.GRANTED
    settings: ProjectSettings = NO_SETTINGS

    @property
    def owner(self) -> str:
        """Whose the repository is, by name."""
        return self.repository.partition("/")[0]

    @property
    def obstacle(self) -> str:
        """Why it is not built, as one sentence for people; empty while it is."""
        return _OBSTACLES[self.access].format(owner=self.owner, repository=self.repository)


_OBSTACLES = {
    Access.GRANTED: "",
    Access.SUSPENDED: "The App is suspended on {owner}.",
    Access.UNINSTALLED: "The App was uninstalled from {owner}.",
    Access.REMOVED: "The App may not read {repository}.",
    Access.ARCHIVED: "{repository} is archived.",
    Access.DELETED: "{repository} was deleted.",
}
