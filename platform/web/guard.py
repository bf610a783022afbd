"""The guard: lets requests to the API through that carry the operator's token, and answers what they get wrong."""

import hmac
from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.store.port import ConflictError, MissingError

Endpoint = Callable[[Request], Response]
_PREFIX = "/api/v1"


class Guard:
    """Makes routes. Errors are answered as `{"error": "one sentence with what to do"}`."""

    def __init__(self, operator_token: str) -> None:
        self._token = operator_token.encode()

    def route(self, method: str, path: str, endpoint: Endpoint) -> Route:
        """Return the route to an endpoint that only the operator reaches."""

        @wraps(endpoint)
        def guarded(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token):
                return refuse(401, "Send the operator's token: it is in secrets/ in the data directory.")
            try:
                return endpoint(request)
            except MissingError as error:
                return refuse(404, f"There is no {error.kind} {error.key!r}.")
            except OperationRefusedError as error:
                return refuse(409, str(error))
            except SecretsError as error:
                return refuse(500, str(error))
            except ConflictError:
                return refuse(409, "Somebody else was faster. Look at it again and decide again.")
            except ValueError as error:
                return refuse(400, str(error))

        return Route(_PREFIX + path, guarded, methods=[method])

    def rest(self) -> Route:
        """Return the route to whatever there is not; it comes last."""
        answer = refuse(404, "The API has nothing at this address.")
        return Route(_PREFIX + "/{path:path}", lambda _: answer, methods=["GET", "POST", "PUT", "DELETE"])


def refuse(status: int, why: str) -> Response:
    """Return an answer that says what is wrong."""
    return JSONResponse({"error": why}, status)
