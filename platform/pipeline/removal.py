"""The delete step: ends a project. What people see goes first, what they do not see after, the rows last."""

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.functions.port import Functions
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.places import records_prefix
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import ConflictError, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Step, TicketRefusedError

_ALL = 1_000_000_000


class Removal:
    """Handles `battleshiper.delete`."""

    def __init__(
        self,
        store: Store,
        gate: Gate,
        builder: Builder,
        routing: Routing,
        functions: Functions,
        objects: Objects,
        logs: Logs,
    ) -> None:
        self._store = store
        self._gate = gate
        self._builder = builder
        self._routing = routing
        self._functions = functions
        self._objects = objects
        self._logs = logs

    def remove(self, event: Event) -> None:
        """Remove the project with all that belongs to it. May be repeated from any point."""
        project_id = event.detail["project"]
        try:
            self._gate.admit(event.detail["ticket"], Step.DELETE, project_id=project_id, spender=event.id)
        except TicketRefusedError as error:
            raise GiveUpError(str(error)) from error
        for deployment in self._store.unfinished():
            if deployment.project_id == project_id:
                try:
                    self._store.advance(deployment, State.CANCELED, reason="The project was deleted.")
                except ConflictError:
                    continue
                self._builder.cancel(deployment.id, "The project was deleted.")
        self._routing.remove_project(project_id)
        for record in self._objects.list(records_prefix(project_id)):
            function = Publication.model_validate_json(self._objects.read(record.key)).function
            if function is not None:
                self._functions.remove(function)
        for folder in ("sites", "builds", "records"):
            self._objects.delete(f"{folder}/{project_id}/")
        for deployment in self._store.deployments(project_id, limit=_ALL):
            self._logs.delete(deployment.id)
        self._store.delete_project(project_id)
