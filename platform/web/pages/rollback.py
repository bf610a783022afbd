"""The button that shows what production showed before."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.pipeline.operations import OperationRefusedError, Operations
from battleshiper.platform.store.port import ConflictError, Store
from battleshiper.platform.web.pages.actions import FASTER
from battleshiper.platform.web.pages.door import check_writer
from battleshiper.platform.web.pages.form import read_form
from battleshiper.platform.web.pages.production import find_production
from battleshiper.platform.web.pages.project import ProjectPage
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.viewer import Viewer


class Rollback:
    """Rolls production of a project back by one."""

    def __init__(self, store: Store, operations: Operations, page: ProjectPage, view: View) -> None:
        self._store = store
        self._operations = operations
        self._page = page
        self._view = view

    def act(self, request: Request, viewer: Viewer) -> Response:
        """Roll back from `live`, the deployment that the viewer saw there: pressed twice, it is done once."""
        project = viewer.project(request.path_params["name"])
        form = read_form(request, viewer)
        check_writer(viewer, project)
        production = find_production(self._store, project)
        if production is not None and production.deployment.id != form.text("live"):
            return self._page.answer(request, viewer, 409, FASTER)
        try:
            self._operations.rollback(project.name)
        except OperationRefusedError as error:
            return self._page.answer(request, viewer, 409, error.message)
        except ConflictError:
            return self._page.answer(request, viewer, 409, FASTER)
        return self._view.lead_to(f"/projects/{project.name}", "rolled-back")
