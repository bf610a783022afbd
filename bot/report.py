"""The reporter: makes GitHub show where each deployment stands.

It does not repeat what an event says but looks where the deployment stands now, so events may come late, twice or
not at all between two others. A deployment's version orders what it shows; events of one project and commit come one
at a time (`Event.group`), so nothing older can overtake.
"""

import logging
from collections.abc import Callable

from battleshiper.bot.deployments import GitHubDeployments
from battleshiper.bot.github import GitHub, GitHubRefusedError, GitHubUnavailableError, RepositoryAccess
from battleshiper.bot.patience import Patience
from battleshiper.bot.surfaces import Family, can_wait, commit_status, family_of
from battleshiper.platform.bus.port import Bus, GiveUpError
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.pipeline.comparison import compared_again
from battleshiper.platform.pipeline.requests import pull_changed
from battleshiper.platform.store.port import MissingError, Report, Store

_log = logging.getLogger(__name__)

_FAMILY_SIZE = 200
"""How many of a project's latest deployments are looked through for newer attempts and replaced sites."""


class Reporter:
    """Handles `battleshiper.deployment-changed`."""

    def __init__(
        self,
        store: Store,
        github: GitHub,
        bus: Bus,
        log_url: Callable[[Deployment], str],
        patience: Patience,
    ) -> None:
        """`log_url` tells where people read a deployment's log."""
        self._store = store
        self._github = github
        self._bus = bus
        self._log_url = log_url
        self._patience = patience
        self._deployments = GitHubDeployments(store, github, log_url)

    def report(self, event: Event) -> None:
        """Show the event's deployment as it is now.

        Raises RetryLaterError while GitHub is out of reach or limits us. What GitHub refuses for good is logged and
        counts as reported: it never touches the deployment.
        """
        try:
            deployment = self._store.deployment(event.detail["deployment"])
            project = self._store.project(deployment.project_id)
        except KeyError as error:
            raise GiveUpError("the event names no deployment") from error
        except MissingError:
            return  # deleted meanwhile
        if self._store.report(deployment.id).version >= deployment.version:
            return
        family = self._family(deployment)
        self._patience.wait_for_turn(project.installation_id, can_wait=can_wait(deployment, family))
        try:
            self._show(project, deployment, family)
        except GitHubUnavailableError as error:
            raise self._patience.later(project.installation_id, deployment.updated_at, error) from error
        self._patience.was_heard(project.installation_id)
        self._tell_pulls(project, deployment)
        known = self._store.report(deployment.id).github_deployment_id
        self._store.save_report(Report(deployment.id, deployment.version, known))

    def _show(self, project: Project, deployment: Deployment, family: Family) -> None:
        repository = RepositoryAccess(project.installation_id, project.repository_id, project.repository)
        status = commit_status(project, deployment, family, self._log_url(deployment))
        if status is not None and Surface.STATUS in project.surfaces:
            try:
                self._github.set_status(repository, deployment.commit.sha, status)
            except GitHubRefusedError as error:
                _refused("commit status", repository, deployment, error)
        if Surface.DEPLOYMENT not in project.surfaces:
            return
        try:
            self._deployments.show(repository, project, deployment, family)
            if not family.is_replaced and deployment.site is not None and self._family(deployment).is_replaced:
                # A newer one went live while we spoke, and may have been told before us.
                self._deployments.retire(repository, deployment)
        except GitHubRefusedError as error:
            _refused("GitHub Deployment", repository, deployment, error)

    def _tell_pulls(self, project: Project, deployment: Deployment) -> None:
        """Have the comments looked at that tell of the deployment, or compare with it."""
        pulls = self._store.pulls_of_branch(project.repository_id, deployment.commit.branch)
        events = [pull_changed(pull.repository_id, pull.number) for pull in pulls]
        if deployment.environment is Environment.PRODUCTION and deployment.state is State.READY:
            events += compared_again(self._store, project)
        if events:
            self._bus.publish(events)

    def _family(self, deployment: Deployment) -> Family:
        return family_of(deployment, self._store.deployments(deployment.project_id, limit=_FAMILY_SIZE))


def _refused(what: str, repository: RepositoryAccess, deployment: Deployment, error: GitHubRefusedError) -> None:
    _log.warning(
        "%s: GitHub refuses the %s of deployment %s: %s. Check that the App is installed there with the permissions "
        "statuses:write, deployments:write and contents:read.",
        repository.full_name,
        what,
        deployment.id,
        error,
    )
