"""Claims: what a build runner shows, once, to be told what to build."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.instructions import BuildLimits, Instructions, SourceInstructions
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.places import build_prefix
from battleshiper.platform.source.port import Source, SourceError
from battleshiper.platform.store.port import Claim, ConflictError, MissingError, SpentError, Store
from battleshiper.platform.uploads.port import Uploads

CLAIM_LIFETIME = timedelta(hours=24)
_UPLOAD_MARGIN = timedelta(minutes=30)


class ClaimRefusedError(Exception):
    """A claim is unknown, used, too old, or its deployment is not to be built any more."""


class Claims:
    """Issues and honours claims."""

    def __init__(
        self,
        store: Store,
        source: Source,
        uploads: Uploads,
        limits: BuildLimits,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._source = source
        self._uploads = uploads
        self._limits = limits
        self._clock = clock

    def issue(self, deployment_id: str) -> str:
        """Return a fresh claim for a deployment; its earlier ones end."""
        claim = secrets.token_urlsafe(32)
        self._store.add_claim(Claim(_hash(claim), deployment_id, self._clock() + CLAIM_LIFETIME))
        return claim

    def spend(self, claim: str) -> Instructions:
        """Burn the claim, move its deployment to `building` and return what to do.

        Raises ClaimRefusedError, or `SourceError` while GitHub gives no token; nothing was told then, and the claim
        is good for another try.
        """
        try:
            deployment = self._begin(self._store.deployment(self._store.spend_claim(_hash(claim))))
            project = self._store.project(deployment.project_id)
        except (SpentError, MissingError, ConflictError) as error:
            raise ClaimRefusedError("the claim is unknown, was used before, or is too old") from error
        token = self._token(claim, deployment, project)
        return Instructions(
            deployment_id=deployment.id,
            project_id=project.id,
            project_name=project.name,
            environment=deployment.environment.value,
            branch=deployment.commit.branch,
            source=SourceInstructions(
                clone_url=self._source.clone_url(project.repository), sha=deployment.commit.sha, token=token
            ),
            root_directory=project.root_directory,
            limits=self._limits,
            uploads=self._uploads.grant(
                build_prefix(project.id, deployment.id),
                file_bytes=max(self._limits.output_file_bytes, self._limits.function_bytes),
                expires_at=self._clock() + timedelta(seconds=self._limits.seconds) + _UPLOAD_MARGIN,
            ),
        )

    def _token(self, claim: str, deployment: Deployment, project: Project) -> str:
        try:
            return self._source.token(project.installation_id, project.repository_id)
        except SourceError as error:
            if error.temporary:
                self._store.add_claim(Claim(_hash(claim), deployment.id, self._clock() + CLAIM_LIFETIME))
                raise
            self._store.advance(deployment, State.FAILED, reason=str(error))
            raise ClaimRefusedError(str(error)) from error

    def _begin(self, deployment: Deployment) -> Deployment:
        if deployment.state is State.QUEUED:
            return self._store.advance(deployment, State.BUILDING)
        if deployment.state is State.BUILDING:
            return deployment  # another attempt, after the machine of an earlier one was lost
        raise ClaimRefusedError(f"the deployment is {deployment.state.value}, there is nothing to build")


def _hash(claim: str) -> str:
    return hashlib.sha256(claim.encode()).hexdigest()
