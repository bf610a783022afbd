"""The build step: lets the newest commit of each branch be built, and only that."""

from contextlib import suppress

from battleshiper.platform.builder.port import Builder, Job
from battleshiper.platform.bus.port import Bus, GiveUpError
from battleshiper.platform.model.deployment import Deployment, Origin, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.settings import NO_BUILD_SETTINGS
from battleshiper.platform.pipeline.allowance import Allowance, LimitReachedError
from battleshiper.platform.pipeline.requests import reuse_request
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_IDLE = frozenset({State.FAILED, State.CANCELED, State.SUPERSEDED, State.SKIPPED, State.AWAITING_APPROVAL})

_REQUESTERS = frozenset({Requester.WEBHOOK, Requester.INIT, Requester.OPERATOR, Requester.HOOK})
_NEWER = {Origin.REDEPLOY: "a redeploy", Origin.HOOK: "a build hook's deployment"}


class Building:
    """Handles `battleshiper.build`."""

    def __init__(
        self, store: Store, gate: Gate, bus: Bus, builder: Builder, allowance: Allowance, limits: BuildLimits
    ) -> None:
        self._store = store
        self._gate = gate
        self._bus = bus
        self._builder = builder
        self._allowance = allowance
        self._limits = limits

    def build(self, event: Event) -> None:
        """Submit the deployment's job, or hand it on at once where the same was built before, after ending what it
        supersedes; end it if it is superseded itself, or its account may not build more."""
        detail = event.detail
        try:
            self._gate.admit(
                detail["ticket"],
                Step.BUILD,
                _REQUESTERS,
                project_id=detail["project"],
                deployment_id=detail["deployment"],
                spender=event.id,
            )
            deploy_ticket = detail["deploy_ticket"]
        except (TicketRefusedError, KeyError) as error:
            raise GiveUpError(f"not a request that we take: {error}") from error
        with suppress(MissingError):  # its project was deleted
            self._build(self._store.deployment(detail["deployment"]), deploy_ticket)

    def _build(self, deployment: Deployment, deploy_ticket: str) -> None:
        if deployment.state is not State.QUEUED:
            return
        project = self._store.project(deployment.project_id)
        rivals = [
            other
            for other in self._store.deployments(deployment.project_id, branch=deployment.commit.branch)
            if other.environment is deployment.environment
        ]
        # What ended without going live holds nobody up, and neither does what may never begin: an older push that
        # arrived late is the newest by number.
        candidates = (other for other in rivals if other.state not in _IDLE)
        newest = max(candidates, key=lambda other: other.number, default=deployment)
        if newest.number > deployment.number:
            self._supersede(deployment, newest)
            return
        for other in rivals:
            if other.number < deployment.number and not other.state.is_final:
                self._supersede(other, deployment)
        lender = None if self._is_own(project, deployment) else self._store.borrow(deployment)
        if lender is not None:
            self._bus.publish([reuse_request(deployment, lender, deploy_ticket)])
            return
        try:
            self._allowance.count_build(project, deployment)
        except LimitReachedError as error:
            # Not a failure: it must not keep a change from being merged.
            with suppress(ConflictError):  # it was ended meanwhile
                self._store.advance(deployment, State.SKIPPED, reason=str(error))
            return
        self._builder.submit(
            Job(
                deployment.id,
                project.id,
                project.account_id,
                deploy_ticket,
                self._limits.seconds,
                self._limits.memory_bytes,
            )
        )
        if self._is_over(deployment.id):
            # Whoever ended it may have looked for its job before that was there.
            self._builder.cancel(deployment.id, "The deployment was ended meanwhile.")

    def _is_own(self, project: Project, deployment: Deployment) -> bool:
        """Tell whether no other build can serve: somebody asked for one, or builds are told more than their files."""
        is_asked_for = deployment.origin in (Origin.REDEPLOY, Origin.HOOK)
        is_told_more = project.settings.build != NO_BUILD_SETTINGS
        return is_asked_for or is_told_more or bool(self._store.variables(project.id))

    def _is_over(self, deployment_id: str) -> bool:
        try:
            return self._store.deployment(deployment_id).state.is_final
        except MissingError:
            return True

    def _supersede(self, deployment: Deployment, by: Deployment) -> None:
        newer = _NEWER.get(by.origin, "a newer push")
        reason = f"Superseded by {by.commit.sha[:7]}, {newer} of {by.commit.branch}."
        try:
            self._store.advance(deployment, State.SUPERSEDED, reason=reason)
        except ConflictError:
            return  # it moved on meanwhile; if it gets as far as publishing, it will see who is newer
        self._builder.cancel(deployment.id, reason)
