"""GitHub over its REST API (https://docs.github.com/rest)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from battleshiper.bot.access import AsInstallation, Permission
from battleshiper.bot.answers import PAYLOAD_KEY, BranchAnswer, DeploymentAnswer, read_answer
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import (
    CommitStatus,
    DeploymentStatus,
    GitHubDeployment,
    GitHubRefusedError,
    NewGitHubDeployment,
    RepositoryAccess,
)

_STATUSES: Permission = ("statuses", "write")
_DEPLOYMENTS: Permission = ("deployments", "write")
_CONTENTS: Permission = ("contents", "read")


class RestGitHub:
    """The backend for github.com, Enterprise Server and the stand-in. Each call's token fits that call alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_status(self, repository: RepositoryAccess, sha: str, status: CommitStatus) -> None:
        """Add a status to a commit."""
        body = {
            "context": status.context,
            "state": status.state.value,
            "description": status.description,
            "target_url": status.target_url,
        }
        self._ask(repository, _STATUSES, "POST", f"/statuses/{sha}", body=body)

    def branch_head(self, repository: RepositoryAccess, branch: str) -> str | None:
        """Return the commit a branch points to, None without such a branch."""
        try:
            answer = self._ask(repository, _CONTENTS, "GET", f"/branches/{quote(branch, safe='')}")
        except GitHubRefusedError as error:
            if error.status == 404:
                return None
            raise
        return read_answer(BranchAnswer, answer).commit.sha

    def deployments_of(self, repository: RepositoryAccess, sha: str) -> Sequence[GitHubDeployment]:
        """Return the latest hundred GitHub Deployments of a commit."""
        answer = self._ask(repository, _DEPLOYMENTS, "GET", "/deployments", query={"sha": sha, "per_page": 100})
        return [deployment.to_deployment() for deployment in read_answer(list[DeploymentAnswer], answer)]

    def create_deployment(self, repository: RepositoryAccess, deployment: NewGitHubDeployment) -> GitHubDeployment:
        """Create a GitHub Deployment of whatever commit its ref means now."""
        body = {
            "ref": deployment.ref,
            "environment": deployment.environment,
            "description": deployment.description,
            "production_environment": deployment.is_production,
            "transient_environment": not deployment.is_production,
            "auto_merge": False,
            "required_contexts": [],
            "payload": {PAYLOAD_KEY: deployment.deployment_id},
        }
        answer = self._ask(repository, _DEPLOYMENTS, "POST", "/deployments", body=body)
        return read_answer(DeploymentAnswer, answer).to_deployment()

    def set_deployment_status(
        self, repository: RepositoryAccess, github_deployment_id: int, status: DeploymentStatus
    ) -> None:
        """Add a status to a GitHub Deployment."""
        body: dict[str, object] = {
            "state": status.state.value,
            "description": status.description,
            "log_url": status.log_url,
            # On, it would end other Deployments of the environment, newer ones too.
            "auto_inactive": False,
        }
        if status.environment_url is not None:
            body["environment_url"] = status.environment_url
        self._ask(repository, _DEPLOYMENTS, "POST", f"/deployments/{github_deployment_id}/statuses", body=body)

    def _ask(
        self,
        repository: RepositoryAccess,
        permission: Permission,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        access = AsInstallation(repository.installation_id, repository.repository_id, (permission,))
        return self._connection.ask(
            access, method, f"/repos/{quote(repository.full_name)}{path}", query=query, body=body
        )
