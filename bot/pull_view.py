"""What the comment on a pull request has to show, read from the platform."""

from collections.abc import Callable, Iterator

from battleshiper.bot.comment import Row
from battleshiper.bot.log_excerpt import excerpt
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.hostname import branch_label, production_label
from battleshiper.platform.model.manifest import Manifest
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest
from battleshiper.platform.model.site_change import SiteChange, compare_sites
from battleshiper.platform.objects.port import ObjectMissingError, Objects
from battleshiper.platform.pipeline.places import SiteAddresses, record_key
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.store.port import Store

_BUILT = frozenset({State.QUEUED, State.BUILDING, State.DEPLOYING, State.READY, State.FAILED})


class PullView:
    """Looks at how the deployments of a pull request stand now."""

    def __init__(
        self,
        store: Store,
        objects: Objects,
        logs: Logs,
        addresses: SiteAddresses,
        log_url: Callable[[Deployment], str],
    ) -> None:
        self._store = store
        self._objects = objects
        self._logs = logs
        self._addresses = addresses
        self._log_url = log_url

    def rows(self, pull: PullRequest, projects: list[Project]) -> Iterator[Row]:
        """Yield a row for each project that has built something of the pull request, or is going to."""
        retirement = self._store.retirement(pull.repository_id, pull.branch)
        for project in projects:
            previews = [
                deployment
                for deployment in self._store.deployments(project.id, branch=pull.branch)
                if deployment.environment is Environment.PREVIEW
            ]
            built = next(filter(_was_built, previews), None)
            if built is None:
                continue
            shown = {alias.label: alias.deployment_id for alias in self._store.aliases(project.id)}
            label = branch_label(project.name, pull.branch)
            live = shown.get(production_label(project.name))
            yield Row(
                project.name,
                built,
                self._addresses.url(label) if label in shown else None,
                self._log_url(built),
                self._change(project, live, built),
                self._log(built),
                _note(previews[0], built),
                retirement.reason if retirement is not None else "",
            )

    def _change(self, project: Project, live: str | None, built: Deployment) -> SiteChange | None:
        if live is None or built.site is None:
            return None
        before, after = self._manifest(project.id, live), self._manifest(project.id, built.id)
        return None if before is None or after is None else compare_sites(before, after)

    def _manifest(self, project_id: str, deployment_id: str) -> Manifest | None:
        try:
            raw = self._objects.read(record_key(project_id, deployment_id))
        except ObjectMissingError:
            return None
        return Publication.model_validate_json(raw).manifest

    def _log(self, built: Deployment) -> list[str]:
        if built.state is not State.FAILED:
            return []
        return excerpt(line.text for line in self._logs.read(built.id, LogKind.BUILD))


def _was_built(deployment: Deployment) -> bool:
    return deployment.state in _BUILT or deployment.building_at is not None


def _note(newest: Deployment, built: Deployment) -> str:
    if newest.id == built.id or not newest.reason:
        return ""
    return f"{newest.commit.sha[:7]}: {newest.reason}"
