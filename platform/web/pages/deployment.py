"""The page of one deployment: what, why, where, its way step by step, and its log."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import Store
from battleshiper.platform.web.pages.deed import deeds_for
from battleshiper.platform.web.pages.live_log import read_kind
from battleshiper.platform.web.pages.log_window import read_wanted, read_window
from battleshiper.platform.web.pages.production import find_production
from battleshiper.platform.web.pages.steps import steps_of
from battleshiper.platform.web.pages.view import View


class DeploymentPage:
    """Shows a deployment."""

    def __init__(self, store: Store, logs: Logs, github_url: str, view: View) -> None:
        self._store = store
        self._logs = logs
        self._github_url = github_url
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """One deployment with its log, of which a part may be asked for."""
        return self.answer(request, viewer)

    def answer(self, request: Request, viewer: Viewer, status: int = 200, refusal: str = "") -> Response:
        """Show it with what was refused."""
        deployment, project = viewer.deployment(request.path_params["id"])
        kind = read_kind(request)
        wanted = read_wanted(request.query_params)
        may_read = viewer.may_read_logs(project)
        window = read_window(self._logs.read(deployment.id, kind) if may_read else (), wanted)
        production = find_production(self._store, project)
        live = production.deployment if production else None
        may_write = viewer.may_write(project)
        return self._view.render(
            "deployment.html",
            request,
            viewer,
            status,
            refusal=refusal,
            project=project,
            deployment=deployment,
            is_live=live is not None and live.id == deployment.id,
            commit_url=f"{self._github_url}/{project.repository}/commit/{deployment.commit.sha}",
            changes_url=self._changes_url(project, deployment),
            steps=steps_of(deployment),
            deeds=deeds_for(project, deployment, live) if may_write else (),
            may_write=may_write,
            may_read=may_read,
            once=new_identifier(),
            kind=kind,
            wanted=wanted,
            window=window,
            section="log",
        )

    def _changes_url(self, project: Project, deployment: Deployment) -> str | None:
        before, after = deployment.commit.parent_sha, deployment.commit.sha
        # GitHub says zeros for what there was before a branch was made.
        if not before or not before.strip("0"):
            return None
        return f"{self._github_url}/{project.repository}/compare/{before}...{after}"
