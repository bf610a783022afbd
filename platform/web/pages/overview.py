"""The overview: all projects of a viewer."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.store.port import Deployments
from battleshiper.platform.web.pages.view import View


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of one project."""

    project: Project
    url: str
    latest: Deployment | None


class Overview:
    """The first page."""

    def __init__(
        self,
        store: Deployments,
        addresses: SiteAddresses,
        github_url: str,
        view: View,
        offer: Callable[[Request], str],
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._github_url = github_url
        self._view = view
        self._offer = offer

    def show(self, request: Request, viewer: Viewer) -> Response:
        """Every project, with where its site is and how its latest deployment stands."""
        cards = [self._card(project) for project in viewer.projects()]
        is_busy = any(card.latest is not None and not card.latest.state.is_final for card in cards)
        return self._view.render(
            "overview.html",
            request,
            viewer,
            cards=cards,
            is_busy=is_busy,
            github_url=self._github_url,
            offer=self._offer(request),
        )

    def _card(self, project: Project) -> Card:
        latest = next(iter(self._store.deployments(project.id, limit=1)), None)
        return Card(project, self._addresses.url(production_label(project.name)), latest)
