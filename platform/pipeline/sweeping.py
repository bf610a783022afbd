"""The sweeper: closes what was lost on the way, so that nobody waits for ever."""

from collections.abc import Callable
from datetime import datetime

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.model.deployment import State
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.places import BUILDS, build_prefix
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.tickets.keys import LIFETIME

_REASON = "Lost on the way: nothing was heard of it for {hours:.0f} hours. Redeploy to build it."


class Sweeper:
    """Ends deployments that can no longer end by themselves."""

    def __init__(self, store: Store, builder: Builder, objects: Objects, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._builder = builder
        self._objects = objects
        self._clock = clock

    def sweep(self) -> int:
        """Fail every deployment that has not moved while its tickets were good, which nothing can move any more
        then. Return how many there were. Deployments that wait for an approval may wait. What builds uploaded that
        nobody will deploy any more is deleted."""
        swept = 0
        for deployment in self._store.unfinished():
            if deployment.state is State.AWAITING_APPROVAL or self._clock() - deployment.updated_at <= LIFETIME:
                continue
            reason = _REASON.format(hours=LIFETIME.total_seconds() / 3600)
            try:
                self._store.advance(deployment, State.FAILED, reason=reason)
            except ConflictError:
                continue
            self._builder.cancel(deployment.id, reason)
            swept += 1
        self._clear_uploads()
        return swept

    def _clear_uploads(self) -> None:
        """A build that was canceled has no deploy step to clear up after it."""
        for project_id, deployment_id in {_owner_of(info.key) for info in self._objects.list(BUILDS)}:
            try:
                is_over = self._store.deployment(deployment_id).state.is_final
            except MissingError:
                is_over = True
            if is_over:
                self._objects.delete(build_prefix(project_id, deployment_id))


def _owner_of(key: str) -> tuple[str, str]:
    _, project_id, deployment_id, _ = key.split("/", 3)
    return project_id, deployment_id
