"""The JSON API that the command line speaks, under `/api/v1`; every request carries the operator's token."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.pipeline.operations import Move, OperationRefusedError, Operations
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.web.presentation import present_delivery, present_deployment, present_project

Endpoint = Callable[[Request], Response]
_MAX_LIMIT = 500
_MAX_LINES = 5000


class Api:
    """The endpoints. Errors are `{"error": "one sentence with what to do"}`."""

    def __init__(
        self, store: Store, operations: Operations, logs: Logs, addresses: SiteAddresses, operator_token: str
    ) -> None:
        self._store = store
        self._operations = operations
        self._logs = logs
        self._addresses = addresses
        self._token = operator_token

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._route("GET", "/projects", self.list_projects),
            self._route("GET", "/deployments", self.list_deployments),
            self._route("GET", "/deployments/{id}", self.show_deployment),
            self._route("GET", "/deployments/{id}/logs/{kind}", self.read_log),
            self._route("GET", "/deliveries", self.list_deliveries),
            self._route("POST", "/projects/{name}/rollback", self.rollback),
            self._route("POST", "/projects/{name}/promote", self.promote),
            self._route("POST", "/projects/{name}/redeploy", self.redeploy),
            self._route("POST", "/projects/{name}/cancel", self.cancel),
            self._route("DELETE", "/projects/{name}", self.delete),
            Route("/api/v1/{path:path}", self.refuse, methods=["GET", "POST", "DELETE"]),
        ]

    def list_projects(self, _: Request) -> Response:
        """Every project with its latest deployment."""
        projects = self._store.projects()
        latest = {project.id: self._store.deployments(project.id, limit=1) for project in projects}
        return JSONResponse(
            [present_project(project, next(iter(latest[project.id]), None), self._addresses) for project in projects]
        )

    def list_deployments(self, request: Request) -> Response:
        """The latest deployments, of `project` and `branch` where given."""
        name, branch = request.query_params.get("project"), request.query_params.get("branch")
        project_id = self._store.project_named(name).id if name else None
        found = self._store.deployments(project_id, branch=branch, limit=_limit(request))
        projects = {project.id: project for project in self._store.projects()}
        return JSONResponse([present_deployment(deployment, projects[deployment.project_id]) for deployment in found])

    def show_deployment(self, request: Request) -> Response:
        """One deployment."""
        return self._deployment(self._store.deployment(request.path_params["id"]))

    def read_log(self, request: Request) -> Response:
        """A log's lines from number `start` on; `next` is where to go on, `finished` tells that nothing follows."""
        deployment = self._store.deployment(request.path_params["id"])
        kind = _kind(request.path_params["kind"])
        start = _number(request, "start", 0)
        lines: list[dict[str, str]] = []
        for line in self._logs.read(deployment.id, kind, start):
            lines.append({"at": line.at, "text": line.text})
            if len(lines) == _MAX_LINES:
                break
        # What is served may print something at any time.
        can_grow = kind is LogKind.SERVER or not deployment.state.is_final
        finished = not can_grow and len(lines) < _MAX_LINES
        return JSONResponse({"lines": lines, "next": start + len(lines), "finished": finished})

    def list_deliveries(self, request: Request) -> Response:
        """The latest deliveries with their decisions."""
        return JSONResponse([present_delivery(delivery) for delivery in self._store.deliveries(_limit(request))])

    def rollback(self, request: Request) -> Response:
        """Show an earlier production deployment again."""
        return self._moved(self._operations.rollback(request.path_params["name"], _deployment_id(request)))

    def promote(self, request: Request) -> Response:
        """Show a ready deployment as the production site."""
        deployment_id = _deployment_id(request)
        if deployment_id is None:
            raise OperationRefusedError("Name the deployment to promote.")
        return self._moved(self._operations.promote(request.path_params["name"], deployment_id))

    def redeploy(self, request: Request) -> Response:
        """Build a deployment's commit again."""
        return self._deployment(self._operations.redeploy(request.path_params["name"], _deployment_id(request)), 202)

    def cancel(self, request: Request) -> Response:
        """End a deployment that is not finished."""
        return self._deployment(self._operations.cancel(request.path_params["name"], _deployment_id(request) or ""))

    def delete(self, request: Request) -> Response:
        """Ask for a project's end."""
        return JSONResponse({"deleting": self._operations.delete(request.path_params["name"]).name}, 202)

    def refuse(self, _: Request) -> Response:
        """Whatever there is not."""
        return _refusal(404, "The API has nothing at this address.")

    def _deployment(self, deployment: Deployment, status: int = 200) -> Response:
        return JSONResponse(present_deployment(deployment, self._store.project(deployment.project_id)), status)

    def _moved(self, move: Move) -> Response:
        project = self._store.project(move.after.project_id)
        return JSONResponse(
            {
                "url": move.url,
                "before": present_deployment(move.before, project),
                "after": present_deployment(move.after, project),
            }
        )

    def _route(self, method: str, path: str, endpoint: Endpoint) -> Route:
        @wraps(endpoint)
        def guarded(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token.encode()):
                return _refusal(401, "Send the operator's token: it is in secrets/ in the data directory.")
            try:
                return endpoint(request)
            except MissingError as error:
                return _refusal(404, f"There is no {error.kind} {error.key!r}.")
            except OperationRefusedError as error:
                return _refusal(409, str(error))
            except ConflictError:
                return _refusal(409, "Somebody else was faster. Look at it again and decide again.")
            except ValueError as error:
                return _refusal(400, str(error))

        return Route("/api/v1" + path, guarded, methods=[method])


def _refusal(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)


def _kind(text: str) -> LogKind:
    try:
        return LogKind(text)
    except ValueError:
        raise ValueError(f"There is no log {text!r}: ask for {', '.join(LogKind)}.") from None


def _deployment_id(request: Request) -> str | None:
    value: Any = request.query_params.get("deployment")
    return value or None


def _limit(request: Request) -> int:
    return min(max(1, _number(request, "limit", 50)), _MAX_LIMIT)


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name)
    if value is None:
        return default
    if not value.isdecimal() or len(value) > 9:
        raise ValueError(f"{name} must be a whole number, not {value!r}.")
    return int(value)
