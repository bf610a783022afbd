"""The delete step: ends a project. Its rows go first, so that nothing of it can begin any more, then what people see.

A step that was at work on it meanwhile may leave a file or two behind it. So what remains is cleared away again and
again until such a step must have ended.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.functions.port import Functions
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.model.event import Event
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.places import project_prefixes
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import Projects, Remains
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

SETTLED = timedelta(hours=1)
"""After that time nothing is under way any more that began before a project was deleted."""
_REASON = "The project was deleted."
_REQUESTERS = frozenset({Requester.OPERATOR})


class Removal:
    """Handles `battleshiper.delete`."""

    def __init__(
        self,
        store: Projects,
        gate: Gate,
        builder: Builder,
        routing: Routing,
        functions: Functions,
        objects: Objects,
        logs: Logs,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._gate = gate
        self._builder = builder
        self._routing = routing
        self._functions = functions
        self._objects = objects
        self._logs = logs
        self._clock = clock

    def remove(self, event: Event) -> None:
        """Remove the project with all that belongs to it. May be repeated from any point."""
        try:
            project_id = event.detail["project"]
            self._gate.admit(event.detail["ticket"], Step.DELETE, _REQUESTERS, project_id=project_id, spender=event.id)
        except (TicketRefusedError, KeyError) as error:
            raise GiveUpError(f"not a request that we take: {error}") from error
        self._store.delete_project(project_id)
        for remains in self._store.remains():
            if remains.project_id == project_id:
                self._clear(remains)

    def clear(self) -> None:
        """Clear away what deleted projects left, also what came after them, and forget those that are long gone."""
        for remains in self._store.remains():
            is_settled = self._clock() - remains.deleted_at > SETTLED
            self._clear(remains)
            if is_settled:
                self._store.forget_remains(remains.project_id)

    def _clear(self, remains: Remains) -> None:
        self._routing.remove(remains)
        for deployment_id in remains.unfinished:
            self._builder.cancel(deployment_id, _REASON)
        self._functions.remove_project(remains.project_id)
        for prefix in project_prefixes(remains.project_id):
            self._objects.delete(prefix)
        for deployment_id in (*remains.finished, *remains.unfinished):
            self._logs.delete(deployment_id)
