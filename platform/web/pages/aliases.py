"""The hostnames of a project: its own, and those that it holds beside it."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import writable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.aliasing import Aliasing, AliasRefusedError
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.web.door import Form
from battleshiper.platform.web.pages.refusal import NO_REFUSAL, Refusal
from battleshiper.platform.web.pages.view import View


class AliasesPage:
    """Shows them to who sees the project, and lets those change them who may write."""

    def __init__(self, aliasing: Aliasing, addresses: SiteAddresses, view: View) -> None:
        self._aliasing = aliasing
        self._addresses = addresses
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """All hostnames that a person chooses."""
        return self._answer(request, viewer, viewer.project(request.path_params["name"]))

    def hold(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Hold a label, or let one follow something else."""
        project = writable(viewer, request.path_params["name"])
        branch = form.get("branch", "").strip() or None
        try:
            self._aliasing.hold(project, form.get("label", "").strip().lower(), branch)
        except AliasRefusedError as error:
            return self._answer(request, viewer, project, 422, Refusal(error.field, str(error), form))
        except OperationRefusedError as error:
            return self._answer(request, viewer, project, 409, Refusal("label", error.message, form))
        return self._view.lead_to(f"/projects/{project.name}/aliases", "alias-held")

    def release(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Let go of a label; one that is gone already is gone."""
        project = writable(viewer, request.path_params["name"])
        self._aliasing.release(project, form.get("label", ""))
        return self._view.lead_to(f"/projects/{project.name}/aliases", "alias-released")

    def _answer(
        self, request: Request, viewer: Viewer, project: Project, status: int = 200, refused: Refusal = NO_REFUSAL
    ) -> Response:
        return self._view.render(
            "aliases.html",
            request,
            viewer,
            status,
            project=project,
            production_url=self._addresses.url(production_label(project.name)),
            aliases=[(alias, self._addresses.url(alias.label)) for alias in self._aliasing.of_project(project)],
            domain=self._addresses.domain,
            refused=refused,
            may_write=viewer.may_write(project),
            section="aliases",
        )
