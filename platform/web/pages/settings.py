"""The settings of a project: its build and branches, what GitHub shows of it, its variables, and its end."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import writable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.deployment import Environment
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.setting_rules import SettingRefusedError
from battleshiper.platform.model.settings import BUILD_SETTINGS, PreviewPolicy
from battleshiper.platform.model.variable import VariableRefusedError
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.web.door import Form
from battleshiper.platform.web.pages.refusal import NO_REFUSAL, Refusal
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.services import Services

_BRANCH = "branch"
_NO_KEY = "The variable was not kept, because the key that seals it cannot be read now. Try again in a moment."


class SettingsPage:
    """Shows and changes them, to who may write."""

    def __init__(self, services: Services, view: View) -> None:
        self._store = services.store
        self._operations = services.operations
        self._variables = services.variables
        self._settings = services.settings
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """All settings. No variable's value is among them."""
        project = writable(viewer, request.path_params["name"])
        return self._answer(request, viewer, project)

    def set_build(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Tell the build what is not to be detected: what was left empty is."""
        return self._change(request, viewer, form, BUILD_SETTINGS, "build")

    def set_branches(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Choose the production branch, and which others are deployed."""
        return self._change(request, viewer, form, ("production_branch", "previews"), "branches")

    def _change(self, request: Request, viewer: Viewer, form: Form, names: Iterable[str], done: str) -> Response:
        project = writable(viewer, request.path_params["name"])
        try:
            self._settings.change(project, {name: form.get(name, "").strip() or None for name in names})
        except SettingRefusedError as error:
            return self._refuse(request, viewer, project, Refusal(error.field, str(error), form))
        return self._lead_back(project, done, f"#{done}")

    def set_surfaces(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Show deployments on GitHub in the places that were chosen."""
        project = writable(viewer, request.path_params["name"])
        chosen = frozenset(surface for surface in Surface if surface in form)
        self._store.set_surfaces(project.id, chosen)
        return self._lead_back(project, "surfaces")

    def keep_variable(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Keep a variable, in place of the one of its name and scope."""
        project = writable(viewer, request.path_params["name"])
        scope = form.get("scope", "")
        if scope == _BRANCH:
            scope = f"{_BRANCH}:{form.get('branch', '').strip()}"
        value = form.get("value", "").replace("\r\n", "\n")  # browsers end lines so, files do not
        try:
            self._variables.set(project.name, form.get("name", "").strip(), scope, value)
        except VariableRefusedError as error:
            return self._refuse(request, viewer, project, Refusal(error.field, str(error), form))
        except SecretsError:
            return self._refuse(request, viewer, project, Refusal("", _NO_KEY, form), 503)
        return self._lead_back(project, "variable-kept", "#variables")

    def remove_variable(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Forget a variable; one that is gone already is gone."""
        project = writable(viewer, request.path_params["name"])
        self._variables.remove(project.name, form.get("name", ""), form.get("scope", ""))
        return self._lead_back(project, "variable-removed", "#variables")

    def delete(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """End the project, when its name was typed."""
        project = writable(viewer, request.path_params["name"])
        if form.get("confirmation", "").strip() != project.name:
            why = f"Nothing was deleted. Type the project's name exactly as it is: {project.name}"
            return self._refuse(request, viewer, project, Refusal("confirmation", why, form))
        try:
            self._operations.delete(project.name)
        except OperationRefusedError as error:
            return self._refuse(request, viewer, project, Refusal("", error.message, form), 409)
        return self._view.lead_to("/", "deleted")

    def _lead_back(self, project: Project, done: str, place: str = "") -> Response:
        return self._view.lead_to(f"/projects/{project.name}/settings", done, place)

    def _refuse(
        self, request: Request, viewer: Viewer, project: Project, refused: Refusal, status: int = 422
    ) -> Response:
        return self._answer(request, viewer, project, status, refused)

    def _answer(
        self,
        request: Request,
        viewer: Viewer,
        project: Project,
        status: int = 200,
        refused: Refusal = NO_REFUSAL,
    ) -> Response:
        return self._view.render(
            "settings.html",
            request,
            viewer,
            status,
            refusal="" if refused.field else refused.why,
            project=project,
            surfaces=tuple(Surface),
            variables=self._variables.of_project(project.name),
            environments=tuple(Environment),
            policies=tuple(PreviewPolicy),
            refused=refused,
            may_write=True,
            section="settings",
        )
