"""Functions that answer requests: an HTTP API in front of them, and CloudFront in front of that."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from mangum import Mangum
from starlette.types import ASGIApp

from battleshiper.edge.router.gate import REFUSAL, Gate
from battleshiper.platform.secrets.port import SecretsError

Event = dict[str, Any]
Reply = Mapping[str, Any]

_PLAIN = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
_FORBIDDEN: Reply = {
    "statusCode": 403,
    "headers": _PLAIN,
    "body": f"{REFUSAL} Ask for the platform by its own name.\n",
}
_UNREADY: Reply = {
    "statusCode": 503,
    "headers": {**_PLAIN, "retry-after": "60"},
    # What AWS says of a secret names roles, and is the operator's alone.
    "body": "The platform is not ready: a secret of its own cannot be read. Its operator finds in this function's log "
    "which one, and enters it with `battleshiper aws deploy`.\n",
}
_log = logging.getLogger(__name__)


class HttpFunction:
    """Lambda's handler for an ASGI app, events having payload format 2.0. What did not come through CloudFront, and so
    has not its secret, is answered 403 before anything else is looked at; while a secret of ours is missing, 503."""

    def __init__(self, gate: Gate, app: Callable[[], ASGIApp]) -> None:
        """`app` returns the app as it is now; it is called for each request."""
        self._gate = gate
        self._app = app

    def __call__(self, event: Event, context: Any) -> Reply:
        """Answer a request."""
        headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
        if not self._gate.admits(headers):
            return _FORBIDDEN
        try:
            app = self._app()
        except SecretsError as error:
            _log.error("Not ready: %s", error)
            return _UNREADY
        # Mangum asks for a coroutine where ASGI asks for anything to wait for.
        return Mangum(app, lifespan="off")(event, context)  # type: ignore[arg-type]
