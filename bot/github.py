"""The few things we ask of GitHub, as the bot sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class GitHubError(Exception):
    """GitHub did not do as asked. `status` is the answer's HTTP status, None where there was no answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(message)


class GitHubUnavailableError(GitHubError):
    """Not now: GitHub is down, slow or limits us. `retry_after` is how many seconds it asks us to wait, if it does."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message, status=status)

    @property
    def is_limit(self) -> bool:
        """True when GitHub works, but has had enough of this installation for now."""
        return self.retry_after is not None


class GitHubRefusedError(GitHubError):
    """Not like this: asking again without a change changes nothing."""


class StatusState(StrEnum):
    """The states of a commit status (https://docs.github.com/rest/commits/statuses)."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


class DeploymentState(StrEnum):
    """Those states of a GitHub Deployment that we use (https://docs.github.com/rest/deployments/statuses)."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILURE = "failure"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class RepositoryAccess:
    """A repository and the installation that lets us in."""

    installation_id: int
    repository_id: int
    full_name: str
    """`owner/name`. GitHub redirects from an old name, and the token fits no other repository."""


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One mark on a commit; the latest of a context counts."""

    context: str
    state: StatusState
    description: str
    """At most 140 characters."""
    target_url: str


@dataclass(frozen=True, slots=True)
class NewGitHubDeployment:
    """A GitHub Deployment to create."""

    ref: str
    """A branch or a commit."""
    environment: str
    description: str
    is_production: bool
    """False: the environment goes away some day."""
    deployment_id: str
    """Ours; kept in the payload, so that the Deployment can be found again."""


@dataclass(frozen=True, slots=True)
class GitHubDeployment:
    """A GitHub Deployment as it is. `deployment_id` is ours, None when somebody else made it."""

    id: int
    sha: str
    deployment_id: str | None


@dataclass(frozen=True, slots=True)
class DeploymentStatus:
    """The state of a GitHub Deployment."""

    state: DeploymentState
    description: str
    """At most 140 characters."""
    log_url: str
    environment_url: str | None = None


class GitHub(Protocol):
    """Every method raises GitHubUnavailableError or GitHubRefusedError, and answers within seconds."""

    def set_status(self, repository: RepositoryAccess, sha: str, status: CommitStatus) -> None:
        """Add a status to a commit."""
        ...

    def branch_head(self, repository: RepositoryAccess, branch: str) -> str | None:
        """Return the commit a branch points to, None without such a branch."""
        ...

    def deployments_of(self, repository: RepositoryAccess, sha: str) -> Sequence[GitHubDeployment]:
        """Return the latest hundred GitHub Deployments of a commit."""
        ...

    def create_deployment(self, repository: RepositoryAccess, deployment: NewGitHubDeployment) -> GitHubDeployment:
        """Create a GitHub Deployment of whatever commit its ref means now. Nothing is merged, no check waited for."""
        ...

    def set_deployment_status(
        self, repository: RepositoryAccess, github_deployment_id: int, status: DeploymentStatus
    ) -> None:
        """Add a status to a GitHub Deployment. No other Deployment changes by it."""
        ...
