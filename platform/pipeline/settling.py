"""The settle step: shows a branch's previews, or retires them, as the store has the branch now.

A branch is retired when it is deleted or its pull request closed, and comes back with a push or when the pull request
is opened again. The step does not repeat what happened but looks how things stand, so such events may come late, twice
or out of order.
"""

from contextlib import suppress

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.hostname import branch_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_REQUESTERS = frozenset({Requester.WEBHOOK})
_MOST = 1000
"""How many of a branch's latest deployments are looked at."""


class Settling:
    """Handles `battleshiper.settle`."""

    def __init__(self, store: Store, gate: Gate, builder: Builder, routing: Routing) -> None:
        self._store = store
        self._gate = gate
        self._builder = builder
        self._routing = routing

    def settle(self, event: Event) -> None:
        """Let the branch's previews be as the store has it. May be repeated from any point; raises ConflictError when
        something moved meanwhile, and is to be tried again then."""
        try:
            project_id, branch = event.detail["project"], event.detail["branch"]
            self._gate.admit(event.detail["ticket"], Step.SETTLE, _REQUESTERS, project_id=project_id, spender=event.id)
        except (TicketRefusedError, KeyError) as error:
            raise GiveUpError(f"not a request that we take: {error}") from error
        with suppress(MissingError):  # its project was deleted
            self._settle(self._store.project(project_id), branch)

    def _settle(self, project: Project, branch: str) -> None:
        label = branch_label(project.name, branch)
        previews = [
            deployment
            for deployment in self._store.deployments(project.id, branch=branch, limit=_MOST)
            if deployment.environment is Environment.PREVIEW
        ]
        retirement = self._store.retirement(project.repository_id, branch)
        if retirement is not None:
            self._retire(previews, label, retirement.reason)
        else:
            self._show(previews, label)
        self._routing.follow_label(project.id, label)

    def _retire(self, previews: list[Deployment], label: str, reason: str) -> None:
        for preview in previews:
            if not preview.state.is_final:
                self._end(preview, State.CANCELED, reason)
            elif preview.site is not None and preview.retired_at is None:
                self._store.retire(preview, label)

    def _show(self, previews: list[Deployment], label: str) -> None:
        """Bring back the newest one, and let those end that wait for a leave that a newer one needs."""
        newest = next((preview for preview in previews if preview.site is not None), None)
        if newest is not None and newest.retired_at is not None:
            self._store.bring_back(newest, label)
        for preview in previews[1:]:
            if preview.state is State.AWAITING_APPROVAL:
                newer = previews[0].commit
                self._end(preview, State.SUPERSEDED, f"Superseded by {newer.sha[:7]}, a newer commit.")

    def _end(self, preview: Deployment, state: State, reason: str) -> None:
        self._store.advance(preview, state, reason=reason)
        self._builder.cancel(preview.id, reason)
