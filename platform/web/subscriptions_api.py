"""The part of the API for subscriptions, who has which, and what was used."""

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import Caller, require
from battleshiper.platform.model.role import Right
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.store.port import Subscriptions
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.parameters import read_account, read_body
from battleshiper.platform.web.presentation import present_subscription, present_uses

_KEEP = Operation(shapes.Subscription, body=dict[Limit, int])
_GIVE = Operation(shapes.Uses, (Query("name", "The subscription's name", is_required=True),))
_MOST_BYTES = 4096
_LIMITS = TypeAdapter(dict[Limit, int])


class SubscriptionsApi:
    """The endpoints."""

    def __init__(
        self, store: Subscriptions, allowance: Allowance, administration: Administration, guard: Guard
    ) -> None:
        self._store = store
        self._allowance = allowance
        self._administration = administration
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._guard.open("GET", "/subscriptions", self.list, Operation(list[shapes.Subscription])),
            self._guard.open("PUT", "/subscriptions/{subscription}", self.keep, _KEEP),
            self._guard.open("PUT", "/accounts/{account}/subscription", self.subscribe, _GIVE),
            self._guard.open("GET", "/accounts/{account}/usage", self.show_account, Operation(shapes.Uses)),
            self._guard.open("GET", "/projects/{name}/usage", self.show_project, Operation(shapes.Uses)),
        ]

    def list(self, _: Request, caller: Caller) -> Response:
        """All subscriptions with their limits."""
        require(caller, Right.READ_SUBSCRIPTIONS)
        return JSONResponse([present_subscription(each) for each in self._store.subscriptions()])

    def keep(self, request: Request, caller: Caller) -> Response:
        """Make a subscription, or change what it limits: the body is an object of limits, and what is not in it is not
        limited."""
        require(caller, Right.WRITE_SUBSCRIPTIONS)
        subscription = Subscription(request.path_params["subscription"], _read_limits(request))
        self._administration.keep_subscription(caller, subscription)
        return JSONResponse(present_subscription(subscription))

    def subscribe(self, request: Request, caller: Caller) -> Response:
        """Give an account the subscription `name`."""
        require(caller, Right.WRITE_SUBSCRIPTIONS)
        account_id = read_account(request)
        self._administration.subscribe(caller, account_id, request.query_params.get("name", ""))
        return JSONResponse(present_uses(*self._allowance.uses(account_id)))

    def show_account(self, request: Request, caller: Caller) -> Response:
        """What an account has used of its limits."""
        require(caller, Right.READ_SUBSCRIPTIONS)
        return JSONResponse(present_uses(*self._allowance.uses(read_account(request))))

    def show_project(self, request: Request, caller: Caller) -> Response:
        """What the account that a project belongs to has used of its limits."""
        project = caller.project(request.path_params["name"])
        return JSONResponse(present_uses(*self._allowance.uses(project.account_id)))


def _read_limits(request: Request) -> dict[Limit, int]:
    refusal = f"Send the limits as a JSON object, with its Content-Length; {_MOST_BYTES:,} bytes at most."
    body = read_body(request, _MOST_BYTES, refusal)
    try:
        return _LIMITS.validate_json(body, strict=False)
    except ValidationError:
        raise ValueError(f"The body must be a JSON object with whole numbers for some of {', '.join(Limit)}.") from None
