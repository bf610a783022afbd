"""The JSON API that the command line speaks, under `/api/v1`."""

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import Caller, check_readable, require, writable
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.role import Right
from battleshiper.platform.pipeline.operations import Move, OperationRefusedError
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.parameters import LIMIT, read_limit, read_number, read_switch
from battleshiper.platform.web.presentation import present_delivery, present_deployment, present_project
from battleshiper.platform.web.services import Services

_MAX_LINES = 5000
_START = Query("start", "The number of the first line, from 0", int)
_NAMED = Query("deployment", "The deployment's id", is_required=True)
_EARLIER = Query("deployment", "The deployment's id; without it, the one before the present one")
_AGAIN = Query("deployment", "The deployment's id; without it, the latest one")
_WHICH = (Query("project", "Of this project alone"), Query("branch", "Of this branch alone"), LIMIT)
_NEW = (
    Query("repository", "owner/name", is_required=True),
    Query("root_directory", "The folder in which the site lies; empty for the top"),
    Query("name", "The first part of the site's address; without it, one like the folder's"),
)
_SURFACES = tuple(Query(surface.value, "on or off", Literal["on", "off"]) for surface in Surface)


class Api:
    """The endpoints for projects, deployments and deliveries."""

    def __init__(
        self,
        services: Services,
        guard: Guard,
    ) -> None:
        self._store = services.store
        self._operations = services.operations
        self._imports = services.imports
        self._logs = services.logs
        self._addresses = services.addresses
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        route = self._guard.open
        return [
            route("GET", "/me", self.show_caller, Operation(shapes.CallerIdentity)),
            route("GET", "/projects", self.list_projects, Operation(list[shapes.Project])),
            route("POST", "/projects", self.add_project, Operation(shapes.Project, _NEW, status=201)),
            route("GET", "/deployments", self.list_deployments, Operation(list[shapes.Deployment], _WHICH)),
            route("GET", "/deployments/{id}", self.show_deployment, Operation(shapes.Deployment)),
            route("GET", "/deployments/{id}/logs/{kind}", self.read_log, Operation(shapes.Log, (_START,))),
            route("GET", "/deliveries", self.list_deliveries, Operation(list[shapes.Delivery], (LIMIT,))),
            route("POST", "/projects/{name}/rollback", self.rollback, Operation(shapes.Move, (_EARLIER,))),
            route("POST", "/projects/{name}/promote", self.promote, Operation(shapes.Move, (_NAMED,))),
            route(
                "POST", "/projects/{name}/redeploy", self.redeploy, Operation(shapes.Deployment, (_AGAIN,), status=202)
            ),
            route("POST", "/projects/{name}/cancel", self.cancel, Operation(shapes.Deployment, (_NAMED,))),
            route("POST", "/projects/{name}/surfaces", self.set_surfaces, Operation(shapes.Project, _SURFACES)),
            route("DELETE", "/projects/{name}", self.delete, Operation(shapes.Deleting, status=202)),
        ]

    def show_caller(self, _: Request, caller: Caller) -> Response:
        """Who the token is of."""
        return JSONResponse({"login": caller.name, "operator": caller.is_operator})

    def list_projects(self, _: Request, caller: Caller) -> Response:
        """Every project with its latest deployment."""
        projects = caller.projects()
        latest = {project.id: self._store.deployments(project.id, limit=1) for project in projects}
        return JSONResponse(
            [present_project(project, next(iter(latest[project.id]), None), self._addresses) for project in projects]
        )

    def add_project(self, request: Request, caller: Caller) -> Response:
        """Make a project of a folder of a repository."""
        given = request.query_params
        project = self._imports.add(
            given.get("repository", ""), given.get("root_directory", ""), given.get("name"), may_add=caller.may_add
        )
        return JSONResponse(present_project(project, None, self._addresses), 201)

    def list_deployments(self, request: Request, caller: Caller) -> Response:
        """The latest deployments, of `project` and `branch` where given."""
        name, branch = request.query_params.get("project"), request.query_params.get("branch")
        projects = {project.id: project for project in ([caller.project(name)] if name else caller.projects())}
        limit = read_limit(request)
        # Of everybody's there is one list; of somebody's projects there is one each.
        lists = [None] if caller.is_operator and not name else list(projects)
        found = [each for one in lists for each in self._store.deployments(one, branch=branch, limit=limit)]
        # A project may be deleted in between.
        known = [each for each in found if each.project_id in projects]
        if len(lists) > 1:
            known.sort(key=lambda deployment: deployment.created_at, reverse=True)
        return JSONResponse([present_deployment(each, projects[each.project_id]) for each in known[:limit]])

    def show_deployment(self, request: Request, caller: Caller) -> Response:
        """One deployment."""
        return _shown(*caller.deployment(request.path_params["id"]))

    def read_log(self, request: Request, caller: Caller) -> Response:
        """A log's lines from number `start` on; `next` is where to go on, `finished` tells that nothing follows."""
        deployment, project = caller.deployment(request.path_params["id"])
        check_readable(caller, project)
        kind = _kind(request.path_params["kind"])
        start = read_number(request, "start", 0)
        lines: list[dict[str, str]] = []
        following = start
        for line in self._logs.read(deployment.id, kind, start):
            lines.append({"at": line.at, "text": line.text})
            following = line.number + 1
            if len(lines) == _MAX_LINES:
                break
        # What is served may print something at any time.
        can_grow = kind is LogKind.SERVER or not deployment.state.is_final
        finished = not can_grow and len(lines) < _MAX_LINES
        return JSONResponse({"lines": lines, "next": following, "finished": finished})

    def list_deliveries(self, request: Request, caller: Caller) -> Response:
        """The latest deliveries with their decisions: of everybody."""
        require(caller, Right.READ_LOGS)
        return JSONResponse([present_delivery(delivery) for delivery in self._store.deliveries(read_limit(request))])

    def rollback(self, request: Request, caller: Caller) -> Response:
        """Show an earlier production deployment again."""
        return self._moved(self._operations.rollback(_changed(request, caller), _deployment_id(request)))

    def promote(self, request: Request, caller: Caller) -> Response:
        """Show a ready deployment as the production site."""
        name, deployment_id = _changed(request, caller), _deployment_id(request)
        if deployment_id is None:
            raise OperationRefusedError("Name the deployment to promote.")
        return self._moved(self._operations.promote(name, deployment_id))

    def redeploy(self, request: Request, caller: Caller) -> Response:
        """Build a deployment's commit again."""
        project = writable(caller, request.path_params["name"])
        return _shown(self._operations.redeploy(project.name, _deployment_id(request)), project, 202)

    def cancel(self, request: Request, caller: Caller) -> Response:
        """End a deployment that is not finished."""
        project = writable(caller, request.path_params["name"])
        return _shown(self._operations.cancel(project.name, _deployment_id(request) or ""), project)

    def set_surfaces(self, request: Request, caller: Caller) -> Response:
        """Show a project's deployments on GitHub in fewer places, or in more: `on` or `off` for each surface."""
        project = writable(caller, request.path_params["name"])
        wanted = {surface: read_switch(request, surface, surface in project.surfaces) for surface in Surface}
        surfaces = frozenset(surface for surface, is_on in wanted.items() if is_on)
        changed = self._store.set_surfaces(project.id, surfaces)
        return JSONResponse(present_project(changed, None, self._addresses))

    def delete(self, request: Request, caller: Caller) -> Response:
        """Ask for a project's end."""
        return JSONResponse({"deleting": self._operations.delete(_changed(request, caller)).name}, 202)

    def _moved(self, move: Move) -> Response:
        project = self._store.project(move.after.project_id)
        return JSONResponse(
            {
                "url": move.url,
                "before": present_deployment(move.before, project),
                "after": present_deployment(move.after, project),
            }
        )


def _shown(deployment: Deployment, project: Project, status: int = 200) -> Response:
    return JSONResponse(present_deployment(deployment, project), status)


def _changed(request: Request, caller: Caller) -> str:
    return writable(caller, request.path_params["name"]).name


def _kind(text: str) -> LogKind:
    try:
        return LogKind(text)
    except ValueError:
        raise ValueError(f"There is no log {text!r}: ask for {', '.join(LogKind)}.") from None


def _deployment_id(request: Request) -> str | None:
    value: Any = request.query_params.get("deployment")
    return value or None
