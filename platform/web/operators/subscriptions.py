"""The subscriptions: what they limit, and who is given which."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import require
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.role import Right
from battleshiper.platform.model.subscription import MOST, Limit, Subscription, SubscriptionRefusedError
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.web.door import Door, Form
from battleshiper.platform.web.pages.refusal import NO_REFUSAL, Refusal
from battleshiper.platform.web.pages.usage import TITLES
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.parameters import number_of

SUBSCRIPTIONS_PATH = "/subscriptions"
_TITLES = {**TITLES, Limit.DAILY_BUILDS: "Builds a day", Limit.DAILY_DEPLOYMENTS: "Deployments a day"}
_LONGEST_NUMBER = len(str(MOST))


class SubscriptionPages:
    """Serves them."""

    def __init__(self, store: Store, administration: Administration, door: Door, view: View) -> None:
        self._store = store
        self._administration = administration
        self._door = door
        self._view = view

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._door.page(SUBSCRIPTIONS_PATH, self.show),
            self._door.action(SUBSCRIPTIONS_PATH, self.keep),
            self._door.action(f"{SUBSCRIPTIONS_PATH}/give", self.give),
        ]

    def show(self, request: Request, viewer: Viewer) -> Response:
        """All of them, and a form for one: for the one that is named, with what it limits now."""
        require(viewer, Right.READ_SUBSCRIPTIONS)
        return self._answer(request, viewer)

    def keep(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Make one, or change what it limits: what is left empty is not limited."""
        require(viewer, Right.WRITE_SUBSCRIPTIONS)
        limits: dict[Limit, int] = {}
        for limit in Limit:
            typed = form.get(limit.value, "").strip().replace(",", "")
            number = number_of(typed, _LONGEST_NUMBER)
            if typed and number is None:
                why = f"{_TITLES[limit]} must be a whole number, or empty for no limit."
                return self._answer(request, viewer, 422, Refusal(limit.value, why, form))
            if number is not None:
                limits[limit] = number
        subscription = Subscription(form.get("name", "").strip(), limits)
        try:
            self._administration.keep_subscription(viewer, subscription)
        except SubscriptionRefusedError as error:
            return self._answer(request, viewer, 422, Refusal("name", str(error), form))
        return self._view.lead_to(SUBSCRIPTIONS_PATH, "subscription-kept")

    def give(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Give an account one of them."""
        require(viewer, Right.WRITE_SUBSCRIPTIONS)
        account_id = number_of(form.get("account", "").strip(), _LONGEST_NUMBER)
        if account_id is None:
            why = "An account is GitHub's number of it: https://api.github.com/users/<name> tells it as id."
            return self._answer(request, viewer, 422, Refusal("account", why, form))
        try:
            self._administration.subscribe(viewer, account_id, form.get("subscription", ""))
        except MissingError:
            why = "There is no such subscription any more."
            return self._answer(request, viewer, 422, Refusal("subscription", why, form))
        return self._view.lead_to(SUBSCRIPTIONS_PATH, "subscription-given")

    def _answer(self, request: Request, viewer: Viewer, status: int = 200, refused: Refusal = NO_REFUSAL) -> Response:
        subscriptions = self._store.subscriptions()
        wanted = request.query_params.get("name", "")
        chosen = next((each for each in subscriptions if each.name == wanted), None)
        kept = {limit.value: str(most) for limit, most in chosen.limits.items()} if chosen else {}
        typed: Mapping[str, str] = refused.form or {"name": wanted if chosen else "", **kept}
        return self._view.render(
            "subscriptions.html",
            request,
            viewer,
            status,
            subscriptions=subscriptions,
            titles=_TITLES,
            limits=tuple(Limit),
            typed=typed,
            refused=refused,
            may_write=viewer.has(Right.WRITE_SUBSCRIPTIONS),
            section="subscriptions",
        )
