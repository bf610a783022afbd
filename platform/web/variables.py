"""The part of the API for environment variables. Values come in the body alone, and never go out."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import Caller, writable
from battleshiper.platform.model.variable import MAX_VALUE_BYTES
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.parameters import read_body
from battleshiper.platform.web.presentation import present_variable
from battleshiper.platform.web.problem import problem

_SCOPE = Query("scope", "production, preview, or branch: and a branch's name", is_required=True)
_MOST_BYTES = 4 * MAX_VALUE_BYTES
"""Of a body: a value with what JSON makes of it."""


class VariablesApi:
    """The endpoints."""

    def __init__(self, variables: ProjectVariables, guard: Guard) -> None:
        self._variables = variables
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        route = self._guard.open
        one = "/projects/{name}/variables/{variable}"
        return [
            route("GET", "/projects/{name}/variables", self.list, Operation(list[shapes.Variable])),
            route("PUT", one, self.set, Operation(shapes.Variable, (_SCOPE,), body=str)),
            route("DELETE", one, self.remove, Operation(shapes.ForgottenVariable, (_SCOPE,))),
        ]

    def list(self, request: Request, caller: Caller) -> Response:
        """A project's variables, without their values."""
        found = self._variables.of_project(writable(caller, request.path_params["name"]).name)
        return JSONResponse([present_variable(variable) for variable in found])

    def set(self, request: Request, caller: Caller) -> Response:
        """Keep a variable for `scope`; the body is its value, as text."""
        name, variable = writable(caller, request.path_params["name"]).name, request.path_params["variable"]
        value = _read_body(request)
        return JSONResponse(present_variable(self._variables.set(name, variable, _scope(request), value)))

    def remove(self, request: Request, caller: Caller) -> Response:
        """Forget a variable for `scope`."""
        name, variable = writable(caller, request.path_params["name"]).name, request.path_params["variable"]
        scope = _scope(request)
        if not self._variables.remove(name, variable, scope):
            return problem(404, f"{name} has no variable {variable} for {scope}.")
        return JSONResponse({"name": variable, "scope": scope})


def _scope(request: Request) -> str:
    return request.query_params.get("scope", "")


def _read_body(request: Request) -> str:
    refusal = f"Send the value as the body, with its Content-Length; {MAX_VALUE_BYTES:,} bytes at most."
    try:
        return read_body(request, _MOST_BYTES, refusal).decode()
    except UnicodeDecodeError as error:
        raise ValueError("The value must be text in UTF-8.") from error
