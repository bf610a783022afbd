"""What the platform does: the deliveries with their decisions, and the events that could not be handled."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import require
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.role import Right
from battleshiper.platform.store.port import Store
from battleshiper.platform.web.door import Door, Form
from battleshiper.platform.web.pages.view import View

_DELIVERIES = 300
_LETTERS = 200


class WorkPages:
    """Serves them."""

    def __init__(
        self, store: Store, dead_letters: DeadLetters, administration: Administration, door: Door, view: View
    ) -> None:
        self._store = store
        self._dead_letters = dead_letters
        self._administration = administration
        self._door = door
        self._view = view

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._door.page("/deliveries", self.list_deliveries),
            self._door.page("/work", self.show),
            self._door.action("/work/retry", self.retry),
        ]

    def list_deliveries(self, request: Request, viewer: Viewer) -> Response:
        """The latest deliveries, or those of them that have a text in their event or repository."""
        require(viewer, Right.READ_LOGS)
        text = request.query_params.get("q", "")[:100]
        deliveries = self._store.deliveries(_DELIVERIES)
        names = {project.id: project.name for project in self._store.projects()}
        return self._view.render(
            "deliveries.html",
            request,
            viewer,
            deliveries=[each for each in deliveries if _has(each, text.strip().lower())],
            looked_at=len(deliveries),
            names=names,
            text=text,
            section="deliveries",
        )

    def show(self, request: Request, viewer: Viewer) -> Response:
        """What is unfinished, and what could not be handled."""
        require(viewer, Right.READ_LOGS)
        names = {project.id: project.name for project in self._store.projects()}
        return self._view.render(
            "work.html",
            request,
            viewer,
            unfinished=self._store.unfinished(),
            letters=self._dead_letters.dead_letters(_LETTERS),
            names=names,
            may_write=viewer.has(Right.WRITE_PROJECTS),
            section="work",
        )

    def retry(self, _: Request, viewer: Viewer, form: Form) -> Response:
        """Handle a dead letter again; one that is gone is being handled."""
        require(viewer, Right.WRITE_PROJECTS)
        event_id = form.get("id", "")
        if self._dead_letters.revive(event_id):
            self._administration.record(viewer, "dead-letter.retry", event_id)
        return self._view.lead_to("/work", "retried")


def _has(delivery: Delivery, text: str) -> bool:
    return text in delivery.event.lower() or text in (delivery.repository or "").lower()
