"""The door: lets a viewer to the pages, and answers what they get wrong with a page that says so."""

from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.web.pages.form import FormRefusedError
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.viewer import Viewer

Page = Callable[[Request, Viewer], Response]
_GONE = {
    "deployment": "There is no such deployment, or it was deleted.",
    "project": "There is no such project, or it was deleted.",
}


class NotAllowedError(Exception):
    """The viewer may see a project but not change it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        super().__init__(
            f"You may look at {project.name} but not change it. Who may push to {project.repository} on GitHub may."
        )


class Door:
    """Makes routes. `viewers` tells who asks."""

    def __init__(self, viewers: Callable[[Request], Viewer], view: View) -> None:
        self._viewers = viewers
        self._view = view

    def show(self, path: str, page: Page) -> Route:
        """Return the route to a page."""
        return Route(path, self._let_in(page), methods=["GET"])

    def act(self, path: str, page: Page) -> Route:
        """Return the route to which a form is sent."""
        return Route(path, self._let_in(page), methods=["POST"])

    def _let_in(self, page: Page) -> Callable[[Request], Response]:
        @wraps(page)
        def let_in(request: Request) -> Response:
            viewer = self._viewers(request)
            try:
                return page(request, viewer)
            except MissingError as error:
                title, why, status = "Nothing here", _GONE.get(error.kind, "There is nothing at this address."), 404
            except NotAllowedError as error:
                title, why, status = "Not yours to change", str(error), 403
            except FormRefusedError as error:
                title, why, status = "Not done", str(error), error.status
            return self._view.render("missing.html", request, viewer, status, title=title, why=why)

        return let_in


def check_writer(viewer: Viewer, project: Project) -> None:
    """Raise NotAllowedError unless the viewer may change the project."""
    if not viewer.may_write(project):
        raise NotAllowedError(project)
