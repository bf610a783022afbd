"""The deploy step: takes what a build left, checks it, publishes it, and only then lets people see it."""

import logging
from collections.abc import Callable
from contextlib import suppress

from battleshiper.platform.builder.port import JobEnd, JobStatus
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.manifest import PathRefusedError
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.result import MAX_RESULT_BYTES, RESULT_KEY, BuildResult
from battleshiper.platform.model.shortage import ShortageError
from battleshiper.platform.objects.port import CopyRefusedError, ObjectMissingError, Objects
from battleshiper.platform.pipeline.allowance import Allowance, LimitReachedError
from battleshiper.platform.pipeline.check import ResultRefusedError, check_result, check_uploads
from battleshiper.platform.pipeline.places import build_prefix
from battleshiper.platform.pipeline.publishing import Publishing
from battleshiper.platform.sealing.seal import SealBrokenError
from battleshiper.platform.store.port import ConflictError, MissingError, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_log = logging.getLogger(__name__)

_MAX_REASON = 2000
_REFUSALS = (
    ResultRefusedError,
    PathRefusedError,
    CopyRefusedError,
    ObjectMissingError,
    SealBrokenError,
    LimitReachedError,
)
"""What speaks against publishing a build, each in a sentence for its owner."""
_REQUESTERS = frozenset({Requester.WEBHOOK, Requester.INIT, Requester.OPERATOR, Requester.HOOK})
"""Those that may ask for a build: they get the ticket for what follows it as well."""


class Deploying:
    """Handles `battleshiper.deploy`: the end of a build job, or that another deployment's build is to be used."""

    def __init__(
        self,
        store: Store,
        gate: Gate,
        objects: Objects,
        publishing: Publishing,
        logs: Logs,
        allowance: Allowance,
        limits: BuildLimits,
    ) -> None:
        self._store = store
        self._gate = gate
        self._objects = objects
        self._publishing = publishing
        self._logs = logs
        self._allowance = allowance
        self._limits = limits

    def deploy(self, event: Event) -> None:
        """Publish the build, or end its deployment with the reason why not. May be repeated from any point."""
        lender = event.detail.get("lender")
        try:
            end = JobEnd.from_detail({"status": JobStatus.SUCCEEDED, **event.detail})
            self._gate.admit(
                end.ticket,
                Step.DEPLOY,
                _REQUESTERS,
                project_id=end.project_id,
                deployment_id=end.deployment_id,
                spender=event.id,
            )
        except (TicketRefusedError, KeyError, ValueError) as error:
            raise GiveUpError(f"not a job's end that we take: {error}") from error
        # Its project may be deleted at any moment; then the delete step clears away what we leave.
        with suppress(MissingError):
            self._follow(self._store.deployment(end.deployment_id), end, lender)
        self._objects.delete(build_prefix(end.project_id, end.deployment_id))

    def _follow(self, deployment: Deployment, end: JobEnd, lender: str | None) -> None:
        if deployment.state is State.READY:
            self._publishing.follow(deployment)
        elif not deployment.state.is_final:
            try:
                if lender is None:
                    self._deploy(deployment, end)
                else:
                    self._reuse(deployment, self._store.deployment(lender))
            except ConflictError:
                if not self._store.deployment(deployment.id).state.is_final:
                    raise
                # Canceled or superseded while we worked: what moved it has the last word.
                self._say(deployment, "Stopped: the deployment was ended meanwhile.")

    def _deploy(self, deployment: Deployment, end: JobEnd) -> None:
        result = self._result(deployment)
        failure = result.failure if result else None
        if failure is not None:
            self._fail(deployment, f"{failure.message} {failure.hint}".strip())
        elif result is None or end.status is JobStatus.FAILED:
            self._fail(deployment, end.reason or "The build ended without a result. Redeploy to try again.")
        elif result.skipped and result.manifest is None:
            self._end(deployment, State.SKIPPED, result.skipped)
        else:
            self._publish(
                deployment,
                lambda project: self._check(project, deployment, result),
                lambda deploying: self._publishing.publish(deploying, result),
            )

    def _reuse(self, deployment: Deployment, lender: Deployment) -> None:
        self._publish(
            deployment,
            lambda _: f"Publishing what {lender.id} was built to, of the same files",
            lambda deploying: self._publishing.publish_again(deploying, lender),
        )

    def _check(self, project: Project, deployment: Deployment, result: BuildResult) -> str:
        """Return what there is to publish; raises ResultRefusedError or PathRefusedError where it may not be."""
        check_result(result, deployment.id, self._limits)
        check_uploads(self._objects.list(build_prefix(deployment.project_id, deployment.id)), self._limits)
        assert result.manifest is not None  # noqa: S101 - check_result has seen it
        self._allowance.check_output(project, result.manifest)
        return f"Publishing {len(result.manifest.files):,} files, {result.manifest.total_bytes / 1024:,.0f} KiB"

    def _publish(
        self, deployment: Deployment, check: Callable[[Project], str], publish: Callable[[Deployment], Deployment]
    ) -> None:
        project = self._store.project(deployment.project_id)
        try:
            said = check(project)
            if not self._is_allowed(project, deployment):
                return
            if deployment.state is not State.DEPLOYING:
                deployment = self._store.advance(deployment, State.DEPLOYING)
            self._say(deployment, said)
            live = publish(deployment)
        except _REFUSALS as error:
            self._fail(deployment, str(error))
        except FunctionFailedError as error:
            self._fail(deployment, f"The server function does not start: {error}")
        except ShortageError as error:
            _log.error("Deployment %s of project %s failed: %s", deployment.id, deployment.project_id, error)
            self._fail(deployment, error.for_owner)
        else:
            self._say(deployment, f"Ready at {live.url}" if live.state is State.READY else live.reason)

    def _is_allowed(self, project: Project, deployment: Deployment) -> bool:
        """Count the deployment; end it where that may not be."""
        try:
            self._allowance.count_deployment(project, deployment)
        except LimitReachedError as error:
            self._end(deployment, State.SKIPPED, str(error))
            return False
        return True

    def _result(self, deployment: Deployment) -> BuildResult | None:
        prefix = build_prefix(deployment.project_id, deployment.id)
        try:
            raw = self._objects.read(prefix + RESULT_KEY)
            return BuildResult.model_validate_json(raw) if len(raw) <= MAX_RESULT_BYTES else None
        except (ObjectMissingError, ValueError):
            return None

    def _fail(self, deployment: Deployment, reason: str) -> None:
        self._end(deployment, State.FAILED, reason)

    def _end(self, deployment: Deployment, state: State, reason: str) -> None:
        reason = reason[:_MAX_REASON]  # parts of it come from the machine that ran a stranger's code
        self._say(deployment, reason)
        self._store.advance(deployment, state, reason=reason)

    def _say(self, deployment: Deployment, text: str) -> None:
        self._logs.append(deployment.id, LogKind.DEPLOY, text)
