"""The build hooks of a project."""

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import writable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.hook import HookRefusedError
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.web.door import Form
from battleshiper.platform.web.hook_trigger import HOOKS_PATH
from battleshiper.platform.web.pages.refusal import NO_REFUSAL, Refusal
from battleshiper.platform.web.pages.view import View


class HooksPage:
    """Shows and changes them, to who may write."""

    def __init__(self, hooks: BuildHooks, base_url: str, view: View) -> None:
        self._hooks = hooks
        self._base_url = base_url
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """The hooks that there are, and a form for another."""
        return self._answer(request, viewer, writable(viewer, request.path_params["name"]))

    def add(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Make a hook and show its address, once."""
        project = writable(viewer, request.path_params["name"])
        try:
            _, key = self._hooks.add(project, form.get("title", ""), form.get("branch", "").strip() or None)
        except HookRefusedError as error:
            return self._answer(request, viewer, project, 422, Refusal(error.field, str(error), form))
        return self._answer(request, viewer, project, 201, made=f"{self._base_url}{HOOKS_PATH}/{key}")

    def remove(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Let a hook be no more; one that is gone already is gone."""
        project = writable(viewer, request.path_params["name"])
        self._hooks.remove(project, form.get("id", ""))
        return self._view.lead_to(f"/projects/{project.name}/hooks", "hook-removed")

    def _answer(
        self,
        request: Request,
        viewer: Viewer,
        project: Project,
        status: int = 200,
        refused: Refusal = NO_REFUSAL,
        made: str = "",
    ) -> Response:
        return self._view.render(
            "hooks.html",
            request,
            viewer,
            status,
            project=project,
            hooks=self._hooks.of_project(project),
            made=made,
            refused=refused,
            may_write=True,
            section="hooks",
        )
