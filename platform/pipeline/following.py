"""Projects follow their repository and installation: what may not be built any more ends."""

from collections.abc import Iterable
from contextlib import suppress

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import ConflictError, MissingError, Store


class Following:
    """Lets projects be as what is known of their repositories says. Their sites stay as they are."""

    def __init__(self, store: Store, builder: Builder) -> None:
        self._store = store
        self._builder = builder

    def follow(self, projects: Iterable[Project]) -> list[Project]:
        """Let each project be as it should, end what is unfinished of those that may not be built, and return them as
        they are then. Raises ConflictError when something moved meanwhile, and is to be tried again then."""
        now = []
        for project in projects:
            with suppress(MissingError):  # deleted meanwhile
                now.append(self._store.follow(project.id))
        reasons = {project.id: project.obstacle for project in now if project.obstacle}
        if reasons:
            self._end(reasons)
        return now

    def _end(self, reasons: dict[str, str]) -> None:
        late: ConflictError | None = None
        for deployment in self._store.unfinished():
            reason = reasons.get(deployment.project_id)
            if reason is None:
                continue
            try:
                self._store.advance(deployment, State.CANCELED, reason=reason)
            except ConflictError as error:
                late = error
                continue
            self._builder.cancel(deployment.id, reason)
        if late is not None:
            raise late
