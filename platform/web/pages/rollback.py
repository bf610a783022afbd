"""The button that shows what production showed before."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import writable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.pipeline.operations import OperationRefusedError, Operations
from battleshiper.platform.store.port import ConflictError, Store
from battleshiper.platform.web.door import Form
from battleshiper.platform.web.pages.actions import FASTER
from battleshiper.platform.web.pages.production import find_production
from battleshiper.platform.web.pages.project import ProjectPage
from battleshiper.platform.web.pages.view import View


class Rollback:
    """Rolls production of a project back by one."""

    def __init__(self, store: Store, operations: Operations, page: ProjectPage, view: View) -> None:
        self._store = store
        self._operations = operations
        self._page = page
        self._view = view

    def act(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Roll back from `live`, the deployment that the viewer saw there: pressed twice, it is done once."""
        project = writable(viewer, request.path_params["name"])
        production = find_production(self._store, project)
        if production is not None and production.deployment.id != form.get("live", ""):
            return self._page.answer(request, viewer, 409, FASTER)
        try:
            self._operations.rollback(project.name)
        except OperationRefusedError as error:
            return self._page.answer(request, viewer, 409, error.message)
        except ConflictError:
            return self._page.answer(request, viewer, 409, FASTER)
        return self._view.lead_to(f"/projects/{project.name}", "rolled-back")
