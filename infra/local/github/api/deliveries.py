"""Deliveries of the App's webhook, and their repetition."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, NotFoundError
from battleshiper.infra.local.github.records.deliveries import Deliveries, Delivery
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.delivery import delivery_shape, full_delivery_shape

_NEWEST = 2**62
_MARK = "v1_"


class DeliveriesApi:
    """Serves deliveries."""

    def __init__(self, settings: GitHubSettings, deliveries: Deliveries) -> None:
        self._settings = settings
        self._deliveries = deliveries

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one = "/app/hook/deliveries/{delivery_id}"
        return [
            Endpoint("GET", "/app/hook/deliveries", self._list, app=True),
            Endpoint("GET", one, self._show, app=True),
            Endpoint("POST", f"{one}/attempts", self._repeat, app=True),
        ]

    def _list(self, call: Call) -> Answer:
        state = call.query.get("status", "")
        if state not in ("", "success", "failure"):
            raise ApiError(422, "status must be one of success, failure")
        before = _read_cursor(call.query.get("cursor", ""))
        found = self._deliveries.tried(before=before, limit=call.per_page + 1, state=state)
        shown = found[: call.per_page]
        links = {"next": {"cursor": f"{_MARK}{shown[-1].id}"}} if len(found) > len(shown) else {}
        return Answer([delivery_shape(self._settings, delivery) for delivery in shown], links=links)

    def _show(self, call: Call) -> Answer:
        return Answer(full_delivery_shape(self._settings, self._find(call)))

    def _repeat(self, call: Call) -> Answer:
        self._deliveries.repeat(self._find(call))
        return Answer({}, 202)

    def _find(self, call: Call) -> Delivery:
        delivery = self._deliveries.get(call.number("delivery_id"))
        if delivery is None or delivery.delivered_at is None:
            raise NotFoundError
        return delivery


def _read_cursor(text: str) -> int:
    if not text:
        return _NEWEST
    number = text.removeprefix(_MARK)
    if not (text.startswith(_MARK) and number.isascii() and number.isdigit() and len(number) < 19):
        raise ApiError(400, "Invalid cursor")
    return int(number)
