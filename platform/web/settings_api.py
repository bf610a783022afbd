"""The part of the API for what a project is told of its build and its branches."""

import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import Caller, writable
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.setting_rules import ProjectRules
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation
from battleshiper.platform.web.parameters import read_body
from battleshiper.platform.web.services import Services

_MOST_BYTES = 100_000
_REFUSAL = "Send a JSON object with the settings to change; null takes one back."


class SettingsApi:
    """The endpoints."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._settings = services.settings
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        path = "/projects/{name}/settings"
        changed = Operation(ProjectRules, body=ProjectRules)
        return [
            self._guard.open("GET", path, self.show, Operation(ProjectRules)),
            self._guard.open("PATCH", path, self.change, changed),
        ]

    def show(self, request: Request, caller: Caller) -> Response:
        """A project's settings; null where nothing was told."""
        return _present(caller.project(request.path_params["name"]))

    def change(self, request: Request, caller: Caller) -> Response:
        """Change those that are in the body, from the next deployment on."""
        project = writable(caller, request.path_params["name"])
        return _present(self._settings.change(project, _read_changes(request)))


def _read_changes(request: Request) -> dict[str, Any]:
    try:
        changes = json.loads(read_body(request, _MOST_BYTES, _REFUSAL))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(_REFUSAL) from error
    if not isinstance(changes, dict):
        raise ValueError(_REFUSAL)
    return changes


def _present(project: Project) -> Response:
    return JSONResponse(asdict(project.settings))
