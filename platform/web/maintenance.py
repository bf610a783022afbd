"""The part of the API that keeps the platform itself well: dead letters, keys, routes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.parameters import read_limit
from battleshiper.platform.web.presentation import present_dead_letter, present_keys

_ALL = 1_000_000


class Maintenance:
    """The endpoints."""

    def __init__(self, dead_letters: DeadLetters, keys: RotatingKeys, routing: Routing, guard: Guard) -> None:
        self._dead_letters = dead_letters
        self._keys = keys
        self._routing = routing
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        route = self._guard.route
        return [
            route("GET", "/dead-letters", self.list_dead_letters),
            route("POST", "/dead-letters/retry", self.retry_all),
            route("POST", "/dead-letters/{id}/retry", self.retry),
            route("POST", "/keys/rotate", self.rotate_keys),
            route("POST", "/routes/rebuild", self.rebuild_routes),
        ]

    def list_dead_letters(self, request: Request) -> Response:
        """The latest events that could not be handled, and why."""
        letters = self._dead_letters.dead_letters(read_limit(request))
        return JSONResponse([present_dead_letter(letter) for letter in letters])

    def retry(self, request: Request) -> Response:
        """Handle one of them again."""
        event_id = request.path_params["id"]
        if not self._dead_letters.revive(event_id):
            raise MissingError("dead letter", event_id)
        return _retried([event_id])

    def retry_all(self, _: Request) -> Response:
        """Handle all of them again, those that died first first."""
        letters = reversed(self._dead_letters.dead_letters(_ALL))
        return _retried([letter.event.id for letter in letters if self._dead_letters.revive(letter.event.id)])

    def rotate_keys(self, _: Request) -> Response:
        """Sign tickets with a fresh key."""
        return JSONResponse(present_keys(self._keys.rotate()))

    def rebuild_routes(self, _: Request) -> Response:
        """Make all routes again from what the store says."""
        return JSONResponse({"hostnames": self._routing.rebuild()})


def _retried(ids: list[str]) -> Response:
    answer: dict[str, Any] = {"retried": ids}
    return JSONResponse(answer)
