"""Claims: what a build runner shows, once, to be told what to build."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from battleshiper.platform.model.deployment import Deployment, Origin, State
from battleshiper.platform.model.instructions import BuildLimits, Instructions, SourceInstructions, UploadGrant
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.result import MAX_RESULT_BYTES
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.check import most_uploads
from battleshiper.platform.pipeline.claim_issue import ClaimIssue, hash_claim
from battleshiper.platform.pipeline.live import live_sha
from battleshiper.platform.pipeline.places import build_prefix
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.sealing.seal import SealBrokenError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.source.port import Source, SourceError
from battleshiper.platform.store.port import Claim, ConflictError, MissingError, SpentError, Store
from battleshiper.platform.uploads.port import Uploads

_MAY_SKIP = frozenset({Origin.PUSH, Origin.PULL_REQUEST, Origin.MISSED})
"""Who redeploys wants a build."""
_UPLOAD_MARGIN = timedelta(minutes=30)


class ClaimRefusedError(Exception):
    """A claim is unknown, used, too old, or its deployment is not to be built any more."""


class Claims(ClaimIssue):
    """Issues and honours claims."""

    def __init__(
        self,
        store: Store,
        source: Source,
        objects: Objects,
        uploads: Uploads,
        variables: ProjectVariables,
        limits: BuildLimits,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(store, clock)
        self._store = store
        self._source = source
        self._objects = objects
        self._uploads = uploads
        self._variables = variables
        self._limits = limits

    def spend(self, claim: str, attempt: int = 1) -> Instructions:
        """Burn the claim for this attempt, move its deployment to `building` and return what to do.

        Raises ClaimRefusedError, or `SourceError` while GitHub gives no token and `SecretsError` while a key cannot be
        read; nothing was told then, and the claim is good for another try.
        """
        try:
            spent = self._store.spend_claim(hash_claim(claim), attempt)
            deployment = self._begin(self._store.deployment(spent.deployment_id))
            project = self._store.project(deployment.project_id)
        except (SpentError, MissingError, ConflictError) as error:
            raise ClaimRefusedError("the claim is unknown, was used before, or is too old") from error
        variables = self._variables_of(spent, deployment)
        token = self._token(spent, deployment, project)
        may_skip = deployment.origin in _MAY_SKIP and not deployment.commit.is_outside
        return Instructions(
            deployment_id=deployment.id,
            project_id=project.id,
            project_name=project.name,
            environment=deployment.environment.value,
            branch=deployment.commit.branch,
            is_outside=deployment.commit.is_outside,
            source=SourceInstructions(
                clone_url=self._source.clone_url(project.repository), sha=deployment.commit.sha, token=token
            ),
            root_directory=project.root_directory,
            settings=project.settings.build,
            may_skip=may_skip,
            heeds_message=may_skip and deployment.origin is not Origin.PUSH,
            live_sha=live_sha(self._store, project, deployment) if may_skip else None,
            variables=variables,
            secrets=tuple(variables.values()),
            limits=self._limits,
            uploads=self._grant(project.id, deployment.id),
        )

    def _grant(self, project_id: str, deployment_id: str) -> UploadGrant:
        prefix = build_prefix(project_id, deployment_id)
        limits = self._limits
        files, total_bytes = most_uploads(limits)
        grant = self._uploads.grant(
            prefix,
            files=files,
            file_bytes=max(limits.output_file_bytes, limits.function_bytes, MAX_RESULT_BYTES),
            total_bytes=total_bytes,
            expires_at=self._clock() + timedelta(seconds=limits.seconds) + _UPLOAD_MARGIN,
        )
        # What an attempt that was lost has uploaded does not count, and must not stay either.
        self._objects.delete(prefix)
        return grant

    def _variables_of(self, spent: Claim, deployment: Deployment) -> dict[str, str]:
        try:
            return dict(self._variables.of_deployment(deployment))
        except SealBrokenError as error:
            self._store.advance(deployment, State.FAILED, reason=str(error))
            raise ClaimRefusedError(str(error)) from error
        except SecretsError:
            self._give_back(spent)
            raise

    def _give_back(self, spent: Claim) -> None:
        self._store.add_claim(replace(spent, spent=spent.spent - 1))

    def _token(self, spent: Claim, deployment: Deployment, project: Project) -> str:
        try:
            return self._source.token(project.installation_id, project.repository_id)
        except SourceError as error:
            if error.temporary:
                self._give_back(spent)
                raise
            self._store.advance(deployment, State.FAILED, reason=str(error))
            raise ClaimRefusedError(str(error)) from error

    def _begin(self, deployment: Deployment) -> Deployment:
        if deployment.state is State.QUEUED:
            return self._store.advance(deployment, State.BUILDING)
        if deployment.state is State.BUILDING:
            return deployment  # another attempt, after the machine of an earlier one was lost
        raise ClaimRefusedError(f"the deployment is {deployment.state.value}, there is nothing to build")
