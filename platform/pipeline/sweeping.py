"""The sweeper: closes what was lost on the way, so that nobody waits for ever."""

from collections.abc import Callable
from datetime import datetime

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.event import EventType
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.places import BUILDS, build_prefix, owner_of
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.tickets.keys import LIFETIME

_LOST = "Lost on the way: nothing was heard of it for {hours:.0f} hours. Redeploy to build it."
_DEAD = "The platform tried {attempts} times and could not go on ({error}). Redeploy once that is mended."


class Sweeper:
    """Ends deployments that can no longer end by themselves."""

    def __init__(
        self,
        store: Store,
        builder: Builder,
        objects: Objects,
        dead_letters: Callable[[], list[DeadLetter]],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._builder = builder
        self._objects = objects
        self._dead_letters = dead_letters
        self._clock = clock

    def sweep(self) -> int:
        """Fail every deployment that nothing can move any more, and return how many there were: its event is among
        the dead letters, or it has not moved while its tickets were good. Deployments that wait for an approval may
        wait. What builds uploaded that nobody will deploy any more is deleted."""
        dead = {
            letter.event.detail.get("deployment", ""): letter for letter in self._dead_letters() if _is_ours(letter)
        }
        swept = 0
        for deployment in self._store.unfinished():
            if deployment.state is State.AWAITING_APPROVAL:
                continue
            if letter := dead.get(deployment.id):
                swept += self._fail(deployment, _DEAD.format(attempts=letter.attempts, error=letter.error))
            elif self._clock() - deployment.updated_at > LIFETIME:
                swept += self._fail(deployment, _LOST.format(hours=LIFETIME.total_seconds() / 3600))
        self._clear_uploads()
        return swept

    def _fail(self, deployment: Deployment, reason: str) -> bool:
        try:
            self._store.advance(deployment, State.FAILED, reason=reason)
        except ConflictError:
            return False
        self._builder.cancel(deployment.id, reason)
        return True

    def _clear_uploads(self) -> None:
        """A build that was canceled has no deploy step to clear up after it."""
        for project_id, deployment_id in {owner_of(info.key) for info in self._objects.list(BUILDS)}:
            try:
                is_over = self._store.deployment(deployment_id).state.is_final
            except MissingError:
                is_over = True
            if is_over:
                self._objects.delete(build_prefix(project_id, deployment_id))


def _is_ours(letter: DeadLetter) -> bool:
    """Tell whether a letter speaks for its deployment. What was given up at once may be forged: its ticket was
    refused, and it must not end anything."""
    return letter.event.type in (EventType.BUILD, EventType.DEPLOY) and letter.attempts > 1
