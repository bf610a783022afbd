"""What the buttons do. Each leads to the page where it can be seen; what is refused is said where it was asked for."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import check_writable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.identifier import identifier_of
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.operations import OperationRefusedError, Operations
from battleshiper.platform.store.port import ConflictError
from battleshiper.platform.web.door import Action, Form
from battleshiper.platform.web.pages.deed import Deed, check_promotion
from battleshiper.platform.web.pages.deployment import DeploymentPage
from battleshiper.platform.web.pages.view import View

FASTER = "Somebody else was faster. Look at it again and decide again."
_Act = Callable[[Project, Deployment, Viewer, Form], Response]


class Actions:
    """Acts on deployments."""

    def __init__(self, operations: Operations, page: DeploymentPage, view: View) -> None:
        self._operations = operations
        self._page = page
        self._view = view
        self._acts: dict[Deed, _Act] = {
            Deed.APPROVE: self._approve,
            Deed.CANCEL: self._cancel,
            Deed.PROMOTE: self._promote,
            Deed.ROLLBACK: self._roll_back,
            Deed.REDEPLOY: self._redeploy,
        }

    def endpoint(self, deed: Deed) -> Action:
        """Return what answers the form of a button."""
        act = self._acts[deed]

        def answer(request: Request, viewer: Viewer, form: Form) -> Response:
            deployment, project = viewer.deployment(request.path_params["id"])
            check_writable(viewer, project)
            try:
                return act(project, deployment, viewer, form)
            except OperationRefusedError as error:
                return self._page.answer(request, viewer, 409, error.message)
            except ConflictError:
                return self._page.answer(request, viewer, 409, FASTER)

        return answer

    def _approve(self, project: Project, deployment: Deployment, *_: object) -> Response:
        self._operations.approve(project.name, deployment.id)
        return self._lead_to(deployment, "approved")

    def _cancel(self, project: Project, deployment: Deployment, viewer: Viewer, _: Form) -> Response:
        self._operations.cancel(project.name, deployment.id, f"Canceled by {viewer.name}.")
        return self._lead_to(deployment, "canceled")

    def _promote(self, project: Project, deployment: Deployment, *_: object) -> Response:
        check_promotion(deployment)
        self._operations.promote(project.name, deployment.id)
        return self._lead_to(deployment, "promoted")

    def _roll_back(self, project: Project, deployment: Deployment, *_: object) -> Response:
        check_promotion(deployment)
        self._operations.rollback(project.name, deployment.id)
        return self._lead_to(deployment, "rolled-back")

    def _redeploy(self, project: Project, deployment: Deployment, _: Viewer, form: Form) -> Response:
        # Each page that is loaded has a text of its own in the form: sent twice, it is done once.
        new_id = identifier_of(f"{deployment.id}/{form.get('once', '')}")
        return self._lead_to(self._operations.redeploy(project.name, deployment.id, new_id=new_id), "redeployed")

    def _lead_to(self, deployment: Deployment, done: str) -> Response:
        return self._view.lead_to(f"/deployments/{deployment.id}", done)
