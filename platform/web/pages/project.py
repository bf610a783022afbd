"""The page of one project: what production shows now, and its deployments."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.store.port import Store
from battleshiper.platform.web.pages.listing import Listing, list_deployments, read_choice
from battleshiper.platform.web.pages.production import find_production
from battleshiper.platform.web.pages.view import View


class ProjectPage:
    """Shows a project."""

    def __init__(self, store: Store, addresses: SiteAddresses, github_url: str, view: View) -> None:
        self._store = store
        self._addresses = addresses
        self._github_url = github_url
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """What is live and why, and the deployments that were asked for."""
        return self.answer(request, viewer)

    def answer(self, request: Request, viewer: Viewer, status: int = 200, refusal: str = "") -> Response:
        """Show it with what was refused."""
        project = viewer.project(request.path_params["name"])
        choice = read_choice(request.query_params)
        listing = list_deployments(self._store, project.id, choice)
        production = find_production(self._store, project)
        return self._view.render(
            "project.html",
            request,
            viewer,
            status,
            refusal=refusal,
            project=project,
            url=self._addresses.url(production_label(project.name)),
            repository_url=f"{self._github_url}/{project.repository}",
            production=production,
            has_earlier=production is not None and _may_have_earlier(listing, production.deployment),
            choice=choice,
            listing=listing,
            branches=sorted({each.commit.branch for each in listing.deployments}),
            environments=tuple(Environment),
            states=tuple(State),
            # A project that was just imported has its first deployment in a moment.
            is_busy=not listing.deployments or any(not each.state.is_final for each in listing.deployments),
            may_write=viewer.may_write(project),
            section="deployments",
        )


def _may_have_earlier(listing: Listing, live: Deployment) -> bool:
    """Tell whether something may be there to roll back to, by what is listed: who looks for all of it asks for it."""
    if listing.is_part:
        return True
    return any(
        each.environment is Environment.PRODUCTION and each.site is not None and each.number < live.number
        for each in listing.deployments
    )
