"""Functions that answer requests: an HTTP API in front of them, and CloudFront in front of that."""

from collections.abc import Callable, Mapping
from typing import Any

from mangum import Mangum
from starlette.types import ASGIApp

from battleshiper.edge.router.gate import REFUSAL, Gate

Event = dict[str, Any]
Reply = Mapping[str, Any]

_FORBIDDEN: Reply = {
    "statusCode": 403,
    "headers": {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"},
    "body": f"{REFUSAL} Ask for the platform by its own name.\n",
}


class HttpFunction:
    """Lambda's handler for an ASGI app, events having payload format 2.0. What did not come through CloudFront, and so
    has not its secret, is answered 403 before anything else is looked at."""

    def __init__(self, gate: Gate, app: Callable[[], ASGIApp]) -> None:
        """`app` returns the app as it is now; it is called for each request."""
        self._gate = gate
        self._app = app

    def __call__(self, event: Event, context: Any) -> Reply:
        """Answer a request."""
        headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
        if not self._gate.admits(headers):
            return _FORBIDDEN
        # Mangum asks for a coroutine where ASGI asks for anything to wait for.
        return Mangum(self._app(), lifespan="off")(event, context)  # type: ignore[arg-type]
