"""A deployment: one attempt to build and serve one commit of one project, and the states it goes through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from battleshiper.platform.model.pull_request import outside_pull


class State(StrEnum):
    """Where a deployment stands. A state only moves forward."""

    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    BUILDING = "building"
    DEPLOYING = "deploying"
    READY = "ready"
    FAILED = "failed"
    CANCELED = "canceled"
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        """True when no further state can follow."""
        return not _NEXT[self]

    def may_become(self, state: "State") -> bool:
        """Tell whether `state` may follow this one."""
        return state in _NEXT[self]


_STOPPED = frozenset({State.FAILED, State.CANCELED, State.SUPERSEDED})
_NEXT: dict[State, frozenset[State]] = {
    State.AWAITING_APPROVAL: frozenset({State.QUEUED}) | _STOPPED,
    State.QUEUED: frozenset({State.BUILDING, State.DEPLOYING, State.SKIPPED}) | _STOPPED,
    State.BUILDING: frozenset({State.DEPLOYING, State.SKIPPED}) | _STOPPED,
    State.DEPLOYING: frozenset({State.READY}) | _STOPPED,
    State.READY: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELED: frozenset(),
    State.SUPERSEDED: frozenset(),
    State.SKIPPED: frozenset(),
}


class Environment(StrEnum):
    """What a deployment is for. The names are those of GitHub's deployment environments."""

    PRODUCTION = "production"
    PREVIEW = "preview"


class Origin(StrEnum):
    """What asked for a deployment."""

    PUSH = "push"
    INITIAL = "initial"
    """The first deployment of a project, of its default branch's head."""
    PULL_REQUEST = "pull_request"
    """The newest commit of a pull request that no push has brought: it comes before the push does, or from outside."""
    MISSED = "missed"
    """The head of the production branch, whose push we did not hear of while the App was not there."""
    REDEPLOY = "redeploy"
    HOOK = "hook"
    """The head of a branch, when a build hook was called."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What is built: a commit as it was pushed."""

    sha: str
    """40 or 64 lowercase hex digits."""
    branch: str
    """Without `refs/heads/`. Data from outside: any text that git takes for a branch."""
    message: str = ""
    author: str = ""
    parent_sha: str | None = None
    """What the branch pointed to before the push (`before`), if anything."""
    pushed_at: int = 0
    """Unix seconds as GitHub says it, 0 when unknown; orders pushes that arrive out of order."""
    tree: str = ""
    """What git calls the commit's files, all of them together; empty when unknown."""

    @property
    def is_outside(self) -> bool:
        """True when it is from somebody who may not push to the repository: it is never trusted."""
        return outside_pull(self.branch) is not None


@dataclass(frozen=True, slots=True)
class Deployment:
    """One attempt to build and serve one commit."""

    id: str
    project_id: str
    number: int
    """Counts up within the project: the higher number was asked for later."""
    commit: Commit
    environment: Environment
    origin: Origin
    state: State
    reason: str
    """Why it is in this state, as one sentence for people; may be empty while all goes well."""
    version: int
    """Counts up with every change of state; reports are ordered by it."""
    url: str | None
    """Where the site is served; set when ready."""
    function: str | None
    """The function version that renders its pages, None for a static site; set when ready."""
    created_at: datetime
    updated_at: datetime
    building_at: datetime | None = None
    deploying_at: datetime | None = None
    finished_at: datetime | None = None
    shown_at: datetime | None = None
    """When a hostname that moves last left it, or came to it by a person's wish; None if that never happened."""
    expired_at: datetime | None = None
    """When its hostnames were given up, and its files and function with them. Its state still says how it ended."""
    retired_at: datetime | None = None
    """When it was taken from its branch's hostname because that is shown no more. It is still served at its own."""

    @property
    def site(self) -> str | None:
        """Where it is served now, if it is."""
        return self.url if self.state is State.READY and self.expired_at is None else None
