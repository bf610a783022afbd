"""Everybody's projects, to be found and looked at."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import require
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.role import Right
from battleshiper.platform.store.port import Projects
from battleshiper.platform.web.door import Door
from battleshiper.platform.web.pages.view import View

_SHOWN = 200


class ProjectPages:
    """Serves the list. The projects' own pages show them, and let maintainers change them."""

    def __init__(self, store: Projects, door: Door, view: View) -> None:
        self._store = store
        self._door = door
        self._view = view

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [self._door.page("/all-projects", self.find)]

    def find(self, request: Request, viewer: Viewer) -> Response:
        """All, or those that have a text in their name or repository."""
        require(viewer, Right.READ_PROJECTS)
        text = request.query_params.get("q", "")[:100]
        wanted = text.strip().lower()
        projects = self._store.projects()
        found = [each for each in projects if wanted in each.name or wanted in each.repository.lower()]
        return self._view.render(
            "all_projects.html",
            request,
            viewer,
            projects=found[:_SHOWN],
            number=len(found),
            text=text,
            section="projects",
        )
