"""The GitHub Deployments of our deployments: at most one each, however often we are interrupted.

A GitHub Deployment is of the commit that its ref meant when it was created. We want the pushed commit, and the
branch's name as the ref, which is what people read. So the ref is the branch while it still points to the commit, and
otherwise the commit itself.
"""

import logging
from collections.abc import Callable

from battleshiper.bot.github import (
    DeploymentState,
    DeploymentStatus,
    GitHub,
    GitHubRefusedError,
    NewGitHubDeployment,
    RepositoryAccess,
)
from battleshiper.bot.surfaces import Family, deployment_status, deserves_deployment, replaced_status
from battleshiper.bot.wording import environment_name, fit
from battleshiper.platform.model.deployment import Deployment, Environment
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import Report, Store

_log = logging.getLogger(__name__)


class GitHubDeployments:
    """Creates, finds and moves on GitHub Deployments. Raises what `GitHub` raises; safe to run again."""

    def __init__(self, store: Store, github: GitHub, log_url: Callable[[Deployment], str]) -> None:
        self._store = store
        self._github = github
        self._log_url = log_url

    def show(self, repository: RepositoryAccess, project: Project, deployment: Deployment, family: Family) -> None:
        """Make GitHub show the deployment as it is, in place of what it replaces."""
        status = deployment_status(deployment, family, self._log_url(deployment))
        if status is None:
            return
        known = self._known(repository, project, deployment)
        if known is not None:
            self._github.set_deployment_status(repository, known, status)
        replaced = next((older for older in family.replaces if self._reported(older) is not None), None)
        if replaced is not None:
            self.retire(repository, replaced)

    def retire(self, repository: RepositoryAccess, deployment: Deployment) -> None:
        """Show that a newer production site has taken the deployment's place."""
        known = self._reported(deployment)
        if known is not None:
            status = replaced_status(deployment, self._log_url(deployment))
            self._github.set_deployment_status(repository, known, status)

    def _reported(self, deployment: Deployment) -> int | None:
        return self._store.report(deployment.id).github_deployment_id

    def _known(self, repository: RepositoryAccess, project: Project, deployment: Deployment) -> int | None:
        """Return the GitHub Deployment's id, None where there is none and none is needed."""
        report = self._store.report(deployment.id)
        if report.github_deployment_id is not None:
            return report.github_deployment_id
        # We may have died between creating it and remembering it.
        ours = [
            found.id
            for found in self._github.deployments_of(repository, deployment.commit.sha)
            if found.deployment_id == deployment.id
        ]
        if not ours and not deserves_deployment(deployment):
            return None
        known = min(ours) if ours else self._create(repository, project, deployment)
        self._store.save_report(Report(deployment.id, report.version, known))
        return known

    def _create(self, repository: RepositoryAccess, project: Project, deployment: Deployment) -> int:
        commit = deployment.commit
        if self._github.branch_head(repository, commit.branch) == commit.sha:
            try:
                created = self._github.create_deployment(repository, self._new(project, deployment, commit.branch))
            except GitHubRefusedError as error:
                _log.info("%s: no GitHub Deployment of %r: %s", repository.full_name, commit.branch, error)
            else:
                if created.sha == commit.sha:
                    return created.id
                moved = DeploymentStatus(DeploymentState.INACTIVE, "The branch has moved on", self._log_url(deployment))
                self._github.set_deployment_status(repository, created.id, moved)
        return self._github.create_deployment(repository, self._new(project, deployment, commit.sha)).id

    def _new(self, project: Project, deployment: Deployment, ref: str) -> NewGitHubDeployment:
        is_alone = len(self._store.projects_of_repository(project.repository_id)) <= 1
        return NewGitHubDeployment(
            ref,
            environment_name(deployment.environment, project.name, is_alone=is_alone),
            fit(deployment.commit.message.partition("\n")[0]),
            deployment.environment is Environment.PRODUCTION,
            deployment.id,
        )
