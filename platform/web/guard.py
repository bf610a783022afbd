"""The guard: lets requests to the API through that carry a token, and answers what they get wrong."""

import hmac
import math
from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import AdministrationRefusedError
from battleshiper.platform.accounts.bearer import Bearer
from battleshiper.platform.accounts.caller import Caller, ForbiddenError
from battleshiper.platform.accounts.operator import Operator
from battleshiper.platform.accounts.reaches import Reaches
from battleshiper.platform.accounts.tokens import TokenDesk
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.identity.port import IdentityError, IdentityRefusedError
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.web.operation import Described, Operation
from battleshiper.platform.web.problem import problem
from battleshiper.platform.web.rate import Rate

Endpoint = Callable[[Request, Caller], Response]
_PREFIX = "/api/v1"

_UNKNOWN = (
    "Send a token: Authorization: Bearer <token>. People make theirs on the platform's page /tokens; the operator's is "
    "in secrets/ in the data directory."
)
_NOT_OPERATOR = "Only the operator's token opens this."
_SIGN_IN_AGAIN = "GitHub must be asked anew what you may see: sign in on the platform's page."


class Guard:
    """Makes routes. Errors are answered as problem details (RFC 9457)."""

    def __init__(self, operator_token: str, store: Store, tokens: TokenDesk, reaches: Reaches, rate: Rate) -> None:
        self._operator_token = operator_token.encode()
        self._operator = Operator(store)
        self._store = store
        self._tokens = tokens
        self._reaches = reaches
        self._rate = rate
        self.described: list[Described] = []
        """What was made a route of."""

    def route(self, method: str, path: str, endpoint: Endpoint, operation: Operation) -> Route:
        """Return the route to an endpoint that only the operator reaches."""

        def operated(request: Request, caller: Caller) -> Response:
            return endpoint(request, caller) if caller.is_operator else problem(403, _NOT_OPERATOR)

        return self.open(method, path, wraps(endpoint)(operated), operation)

    def open(self, method: str, path: str, endpoint: Endpoint, operation: Operation) -> Route:
        """Return the route to an endpoint that looks itself at what its caller may do. Its docstring says what it does,
        `operation` what it takes and answers."""
        summary = " ".join((endpoint.__doc__ or "").split())
        self.described.append(Described(method, path, summary, operation))

        @wraps(endpoint)
        def guarded(request: Request) -> Response:
            caller = self._recognise(request)
            if caller is None:
                return problem(401, _UNKNOWN, {"www-authenticate": "Bearer"})
            if isinstance(caller, Bearer) and (seconds := self._rate.take(caller.token.id)):
                after = math.ceil(seconds)
                return problem(429, f"Too many requests: wait {after} s.", {"retry-after": str(after)})
            try:
                return endpoint(request, caller)
            except MissingError as error:
                return problem(404, f"There is no {error.kind} {error.key!r}.")
            except ForbiddenError as error:
                return problem(403, str(error))
            except IdentityRefusedError:
                return problem(401, _SIGN_IN_AGAIN, {"www-authenticate": "Bearer"})
            except IdentityError as error:
                return problem(503, str(error))
            except (OperationRefusedError, AdministrationRefusedError) as error:
                return problem(409, str(error))
            except SecretsError as error:
                return problem(500, str(error))
            except ConflictError:
                return problem(409, "Somebody else was faster. Look at it again and decide again.")
            except ValueError as error:
                return problem(400, str(error))

        return Route(_PREFIX + path, guarded, methods=[method])

    def rest(self) -> Route:
        """Return the route to whatever there is not; it comes last."""
        return Route(
            _PREFIX + "/{path:path}",
            lambda _: problem(404, "The API has nothing at this address."),
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        )

    def _recognise(self, request: Request) -> Caller | None:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        if hmac.compare_digest(text.strip().encode(), self._operator_token):
            return self._operator
        found = self._tokens.recognise(text.strip())
        if found is None:
            return None
        token, account = found
        return Bearer(token, Viewer(account, "", self._store, self._reaches))
