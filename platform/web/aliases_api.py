"""The part of the API for custom aliases."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import Caller, writable
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.presentation import present_alias
from battleshiper.platform.web.problem import problem
from battleshiper.platform.web.services import Services

_BRANCH = Query("branch", "Show what this branch does; without it, what production does")


class AliasesApi:
    """The endpoints."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._aliasing = services.aliasing
        self._addresses = services.addresses
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        route = self._guard.open
        one = "/projects/{name}/aliases/{label}"
        return [
            route("GET", "/projects/{name}/aliases", self.list, Operation(list[shapes.Alias])),
            route("PUT", one, self.hold, Operation(shapes.Alias, (_BRANCH,))),
            route("DELETE", one, self.release, Operation(shapes.Alias)),
        ]

    def list(self, request: Request, caller: Caller) -> Response:
        """What a project holds."""
        project = caller.project(request.path_params["name"])
        return JSONResponse([present_alias(alias, self._addresses) for alias in self._aliasing.of_project(project)])

    def hold(self, request: Request, caller: Caller) -> Response:
        """Hold a label that shows what `branch` does, or the production site; 409 where it is somebody else's."""
        project = writable(caller, request.path_params["name"])
        branch = request.query_params.get("branch") or None
        held = self._aliasing.hold(project, request.path_params["label"], branch)
        return JSONResponse(present_alias(held, self._addresses))

    def release(self, request: Request, caller: Caller) -> Response:
        """Let go of a label."""
        project, label = writable(caller, request.path_params["name"]), request.path_params["label"]
        released = self._aliasing.release(project, label)
        if released is None:
            return problem(404, f"{project.name} has no alias {label!r}.")
        return JSONResponse(present_alias(released, self._addresses))
