"""The part of the API that keeps the platform itself well: dead letters, keys, routes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import Caller, require
from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.model.role import Right
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation
from battleshiper.platform.web.parameters import LIMIT, read_limit
from battleshiper.platform.web.presentation import present_dead_letter, present_keys

_ALL = 1_000_000


class Maintenance:
    """The endpoints."""

    def __init__(
        self,
        dead_letters: DeadLetters,
        keys: RotatingKeys,
        routing: Routing,
        administration: Administration,
        guard: Guard,
    ) -> None:
        self._dead_letters = dead_letters
        self._administration = administration
        self._keys = keys
        self._routing = routing
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        guard = self._guard
        return [
            guard.open("GET", "/dead-letters", self.list_dead_letters, Operation(list[shapes.DeadLetter], (LIMIT,))),
            guard.open("POST", "/dead-letters/retry", self.retry_all, Operation(shapes.Retried)),
            guard.open("POST", "/dead-letters/{id}/retry", self.retry, Operation(shapes.Retried)),
            guard.route("POST", "/keys/rotate", self.rotate_keys, Operation(shapes.Keys)),
            guard.route("POST", "/routes/rebuild", self.rebuild_routes, Operation(shapes.Rebuilt)),
        ]

    def list_dead_letters(self, request: Request, caller: Caller) -> Response:
        """The latest events that could not be handled, and why."""
        require(caller, Right.READ_LOGS)
        letters = self._dead_letters.dead_letters(read_limit(request))
        return JSONResponse([present_dead_letter(letter) for letter in letters])

    def retry(self, request: Request, caller: Caller) -> Response:
        """Handle one of them again."""
        require(caller, Right.WRITE_PROJECTS)
        event_id = request.path_params["id"]
        if not self._dead_letters.revive(event_id):
            raise MissingError("dead letter", event_id)
        self._administration.record(caller, "dead-letter.retry", event_id)
        return _retried([event_id])

    def retry_all(self, _: Request, caller: Caller) -> Response:
        """Handle all of them again, those that died first first."""
        require(caller, Right.WRITE_PROJECTS)
        letters = reversed(self._dead_letters.dead_letters(_ALL))
        retried = [letter.event.id for letter in letters if self._dead_letters.revive(letter.event.id)]
        self._administration.record(caller, "dead-letter.retry", f"all {len(retried)}")
        return _retried(retried)

    def rotate_keys(self, _: Request, caller: Caller) -> Response:
        """Sign tickets with a fresh key."""
        keys = self._keys.rotate()
        self._administration.record(caller, "keys.rotate", "ticket keys", after=keys.kid)
        return JSONResponse(present_keys(keys))

    def rebuild_routes(self, _: Request, caller: Caller) -> Response:
        """Make all routes again from what the store says."""
        hostnames = self._routing.rebuild()
        self._administration.record(caller, "routes.rebuild", f"{hostnames} hostnames")
        return JSONResponse({"hostnames": hostnames})


def _retried(ids: list[str]) -> Response:
    answer: dict[str, Any] = {"retried": ids}
    return JSONResponse(answer)
