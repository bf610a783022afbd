"""A GitHub in memory, for tests: it remembers what it was told, and fails when it is asked to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from battleshiper.bot.github import (
    CommitStatus,
    DeploymentStatus,
    GitHubDeployment,
    GitHubRefusedError,
    NewGitHubDeployment,
    RepositoryAccess,
)


@dataclass
class FakeDeployment:
    """A GitHub Deployment with its statuses, oldest first."""

    id: int
    sha: str
    new: NewGitHubDeployment
    statuses: list[DeploymentStatus] = field(default_factory=list)


class FakeGitHub:
    """Keeps everything it is told. `before` and `after` are called with a method's name around what it does, and may
    raise: before, nothing has happened; after, it has, and only the answer is lost."""

    def __init__(self, heads: dict[str, str] | None = None) -> None:
        self.heads = {} if heads is None else heads
        self.statuses: list[tuple[str, CommitStatus]] = []
        self.deployments: list[FakeDeployment] = []
        self.calls: list[str] = []
        self.accesses: list[RepositoryAccess] = []
        self.before: Callable[[str], None] = lambda _: None
        self.after: Callable[[str], None] = lambda _: None

    def set_status(self, repository: RepositoryAccess, sha: str, status: CommitStatus) -> None:
        """Keep the status."""
        self._begin("set_status", repository)
        self.statuses.append((sha, status))
        self.after("set_status")

    def branch_head(self, repository: RepositoryAccess, branch: str) -> str | None:
        """Return what `heads` says."""
        self._begin("branch_head", repository)
        return self.heads.get(branch)

    def deployments_of(self, repository: RepositoryAccess, sha: str) -> Sequence[GitHubDeployment]:
        """Return the deployments of a commit, newest first."""
        self._begin("deployments_of", repository)
        return [_seen(deployment) for deployment in reversed(self.deployments) if deployment.sha == sha]

    def create_deployment(self, repository: RepositoryAccess, deployment: NewGitHubDeployment) -> GitHubDeployment:
        """Keep a deployment of the branch's head, or of the commit itself."""
        self._begin("create_deployment", repository)
        sha = self.heads.get(deployment.ref, deployment.ref)
        if len(sha) != 40:
            raise GitHubRefusedError(f"No ref found for: {deployment.ref}", status=422)
        created = FakeDeployment(len(self.deployments) + 1, sha, deployment)
        self.deployments.append(created)
        self.after("create_deployment")
        return _seen(created)

    def set_deployment_status(
        self, repository: RepositoryAccess, github_deployment_id: int, status: DeploymentStatus
    ) -> None:
        """Keep the status."""
        self._begin("set_deployment_status", repository)
        self.deployments[github_deployment_id - 1].statuses.append(status)
        self.after("set_deployment_status")

    def _begin(self, method: str, repository: RepositoryAccess) -> None:
        self.calls.append(method)
        self.accesses.append(repository)
        self.before(method)


def _seen(deployment: FakeDeployment) -> GitHubDeployment:
    return GitHubDeployment(deployment.id, deployment.sha, deployment.new.deployment_id)
