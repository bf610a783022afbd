"""The part of the API for build hooks. A hook's address goes out once, when it is made."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import Caller, writable
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.hook_trigger import HOOKS_PATH
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.presentation import present_hook
from battleshiper.platform.web.problem import problem
from battleshiper.platform.web.services import Services

_NEW = (
    Query("title", "What calls it, in a person's words", is_required=True),
    Query("branch", "Deploy this branch; without it, the production branch"),
)


class HooksApi:
    """The endpoints, for who may write."""

    def __init__(self, services: Services, guard: Guard, base_url: str) -> None:
        self._hooks = services.hooks
        self._guard = guard
        self._base_url = base_url

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        route = self._guard.open
        return [
            route("GET", "/projects/{name}/hooks", self.list, Operation(list[shapes.Hook])),
            route("POST", "/projects/{name}/hooks", self.add, Operation(shapes.NewHook, _NEW, status=201)),
            route("DELETE", "/projects/{name}/hooks/{id}", self.remove, Operation(shapes.ForgottenHook)),
        ]

    def list(self, request: Request, caller: Caller) -> Response:
        """A project's hooks."""
        project = writable(caller, request.path_params["name"])
        return JSONResponse([present_hook(hook) for hook in self._hooks.of_project(project)])

    def add(self, request: Request, caller: Caller) -> Response:
        """Make a hook, called `title`, for `branch` or the production branch; the answer has its address."""
        project = writable(caller, request.path_params["name"])
        given = request.query_params
        hook, key = self._hooks.add(project, given.get("title", ""), given.get("branch") or None)
        return JSONResponse({**present_hook(hook), "url": f"{self._base_url}{HOOKS_PATH}/{key}"}, 201)

    def remove(self, request: Request, caller: Caller) -> Response:
        """Let a hook be no more."""
        project, id_ = writable(caller, request.path_params["name"]), request.path_params["id"]
        if not self._hooks.remove(project, id_):
            return problem(404, f"{project.name} has no build hook {id_!r}.")
        return JSONResponse({"id": id_})
