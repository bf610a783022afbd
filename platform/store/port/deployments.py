"""Deployments and their states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event


@dataclass(frozen=True, slots=True)
class NewDeployment:
    """A deployment to create; the store gives it its number. `state` is `queued` or a final one."""

    id: str
    project_id: str
    commit: Commit
    environment: Environment
    origin: Origin
    state: State = State.QUEUED
    reason: str = ""


class Deployments(Protocol):
    """Deployments and their states."""

    def create_deployment(self, deployment: NewDeployment, events: Sequence[Event] = ()) -> Deployment:
        """Create a deployment; raises MissingError without its project and ConflictError when the id is taken, or when
        an initial deployment is not the first of its branch: a push was faster. One that is skipped is none. So does
        one of a missed push when the branch has a deployment of the same time or later that was not canceled.
        Raises one `deployment-changed` event by itself, as every change of state does."""
        ...

    def deployment(self, deployment_id: str) -> Deployment:
        """Return a deployment; raises MissingError."""
        ...

    def deployments(
        self, project_id: str | None = None, *, branch: str | None = None, limit: int = 50
    ) -> list[Deployment]:
        """Return deployments, newest first; of a project and a branch where they are named."""
        ...

    def borrow(self, deployment: Deployment) -> Deployment | None:
        """Return the newest of its project's deployments whose build can serve for this one: it went live as portable,
        has not expired, and was made of the same files with the same trust. None where there is none, or it is not
        known which files these are. What is returned does not expire for a day."""
        ...

    def unfinished(self) -> list[Deployment]:
        """Return every deployment that is not in a final state."""
        ...

    def advance(
        self,
        deployment: Deployment,
        state: State,
        *,
        reason: str = "",
        url: str | None = None,
        function: str | None = None,
        events: Sequence[Event] = (),
    ) -> Deployment:
        """Move a deployment to `state` and return it, if it is still at the version that `deployment` shows.

        Raises ConflictError when it moved meanwhile or is gone, ValueError when its state may not become `state`.
        Raises one `deployment-changed` event (group: the deployment's project and commit) by itself.
        """
        ...
