"""The reporter: makes GitHub show where each deployment stands.

It does not repeat what an event says but looks where the deployment stands now, so events may come late, twice or
not at all between two others. A deployment's version orders what it shows; events of one project and commit come one
at a time (`Event.group`), so nothing older can overtake.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from battleshiper.bot.deployments import GitHubDeployments
from battleshiper.bot.github import GitHub, GitHubRefusedError, GitHubUnavailableError, RepositoryAccess
from battleshiper.bot.pause import Pause
from battleshiper.bot.surfaces import Family, commit_status, family_of
from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import MissingError, Report, Store

_log = logging.getLogger(__name__)

_FAMILY_SIZE = 200
"""How many of a project's latest deployments are looked through for newer attempts and replaced sites."""
_SHORTEST_WAIT = 5.0
_LONGEST_WAIT = 300.0
_LONGEST_PAUSE = 30.0
"""For everybody else, where GitHub names no time itself."""
_EVERYBODY = 0
"""The pause's key for GitHub as a whole; installations have their ids, which are greater."""


class Reporter:
    """Handles `battleshiper.deployment-changed`."""

    def __init__(
        self,
        store: Store,
        github: GitHub,
        log_url: Callable[[Deployment], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`log_url` tells where people read a deployment's log; `clock` gives the time in UTC."""
        self._store = store
        self._github = github
        self._log_url = log_url
        self._clock = clock
        self._deployments = GitHubDeployments(store, github, log_url)
        self._pause = Pause(clock)

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
        self._wait_for_turn(project.installation_id)
        try:
            self._show(project, deployment)
        except GitHubUnavailableError as error:
            raise self._later(project.installation_id, deployment, error) from error
        self._pause.end(project.installation_id)
        self._pause.end(_EVERYBODY)
        known = self._store.report(deployment.id).github_deployment_id
        self._store.save_report(Report(deployment.id, deployment.version, known))

    def _show(self, project: Project, deployment: Deployment) -> None:
        repository = RepositoryAccess(project.installation_id, project.repository_id, project.repository)
        family = self._family(deployment)
        status = commit_status(project, deployment, family, self._log_url(deployment))
        if status is not None:
            try:
                self._github.set_status(repository, deployment.commit.sha, status)
            except GitHubRefusedError as error:
                _refused("commit status", repository, deployment, error)
        try:
            self._deployments.show(repository, project, deployment, family)
            if not family.is_replaced and deployment.site is not None and self._family(deployment).is_replaced:
                # A newer one went live while we spoke, and may have been told before us.
                self._deployments.retire(repository, deployment)
        except GitHubRefusedError as error:
            _refused("GitHub Deployment", repository, deployment, error)

    def _family(self, deployment: Deployment) -> Family:
        return family_of(deployment, self._store.deployments(deployment.project_id, limit=_FAMILY_SIZE))

    def _wait_for_turn(self, installation_id: int) -> None:
        for key in (installation_id, _EVERYBODY):
            seconds = self._pause.seconds_left(key)
            if seconds > 0:
                raise RetryLaterError(seconds, "GitHub was out of reach a moment ago")

    def _later(self, installation_id: int, deployment: Deployment, error: GitHubUnavailableError) -> RetryLaterError:
        if error.retry_after is not None:
            wait = pause = error.retry_after
        else:
            # Half as long again as the news is old: pauses that grow, and that a restart does not forget.
            age = (self._clock() - deployment.updated_at).total_seconds()
            wait = min(max(age / 2, _SHORTEST_WAIT), _LONGEST_WAIT)
            pause = min(wait, _LONGEST_PAUSE)
        self._pause.begin(installation_id if error.status in (403, 429) else _EVERYBODY, pause)
        return RetryLaterError(wait, str(error))


def _refused(what: str, repository: RepositoryAccess, deployment: Deployment, error: GitHubRefusedError) -> None:
    _log.warning(
        "%s: GitHub refuses the %s of deployment %s: %s. Check that the App is installed there with the permissions "
        "statuses:write, deployments:write and contents:read.",
        repository.full_name,
        what,
        deployment.id,
        error,
    )
