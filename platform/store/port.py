"""The store: what the platform remembers. SQLite here, DynamoDB on AWS.

Every method is one atomic step. A change and the events it raises are written together or not at all, so that
no crash can part them: `events` given to a method are on the bus when the method returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Installation, Project


class StoreError(Exception):
    """Something the store refuses."""


class MissingError(StoreError, LookupError):
    """What was asked for is not there."""

    def __init__(self, kind: str, key: object) -> None:
        self.kind = kind
        self.key = key
        super().__init__(f"there is no {kind} {key!r}")


class ConflictError(StoreError):
    """Somebody else was faster: read again and decide again."""


class SpentError(StoreError):
    """A one-time thing was used before."""


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to create, unless its repository and root directory have one already.

    `names` are tried in order; the first one free (as a project's name and as an alias) is taken.
    """

    id: str
    names: tuple[str, ...]
    installation_id: int
    account_id: int
    repository_id: int
    repository: str
    root_directory: str = ""


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


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A delivery with everything that was decided on it."""

    delivery: Delivery
    installations: Sequence[Installation] = ()
    projects: Sequence[NewProject] = ()
    deployments: Sequence[NewDeployment] = ()
    events: Sequence[Event] = ()


class Rival(NamedTuple):
    """What a new push is told of an earlier deployment of its branch."""

    id: str
    sha: str
    parent_sha: str | None
    pushed_at: int
    origin: Origin


class Known(Protocol):
    """What a decision on a delivery may ask the store."""

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository."""
        ...

    def rivals(self, project_id: str, branch: str) -> list[Rival]:
        """Return a branch's latest deployments that were not superseded, a few at most, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Alias:
    """A hostname's label and the deployment it points to.

    `newest` is the highest deployment number that was ever published here, which a rollback keeps: what is older
    than it does not take the alias over by itself.
    """

    label: str
    project_id: str
    deployment_id: str
    newest: int
    moves: bool
    """False for a deployment's own label."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A one-time claim for a build's instructions, known by its hash only."""

    sha256: str
    deployment_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What the bot has told GitHub about a deployment. `github_deployment_id` is None before it made one."""

    deployment_id: str
    version: int
    """The deployment's version that GitHub shows; 0 before the first report."""
    github_deployment_id: int | None


class Deliveries(Protocol):
    """What GitHub told us."""

    def accept(
        self,
        delivery: Delivery,
        *,
        installations: Sequence[Installation] = (),
        projects: Sequence[NewProject] = (),
        deployments: Sequence[NewDeployment] = (),
        events: Sequence[Event] = (),
    ) -> bool:
        """Record a delivery with everything that was decided on it. False, and nothing is written, when the
        delivery was recorded before. Each new deployment raises its own change event, as `create_deployment` does.

        Raises MissingError when a deployment's project is gone and ConflictError when a deployment's id or every
        name of a project is taken; then nothing is written, and deciding again helps.
        """
        ...

    async def decide_soon(self, delivery_id: str, decide: Callable[[Known], Acceptance]) -> Acceptance | None:
        """Decide on a delivery and record it as `accept` does, in one atomic step that does not hold up the event
        loop: deliveries are decided one after the other, each knowing what came of those before. None, without
        deciding, when the delivery was recorded before.

        `decide` is short, reads only what it is given and may be called again after a conflict. What it raises is
        raised here, and nothing is written.
        """
        ...

    def has_delivery(self, delivery_id: str) -> bool:
        """Tell whether the delivery is recorded."""
        ...

    def deliveries(self, limit: int = 50) -> list[Delivery]:
        """Return the latest deliveries, newest first."""
        ...


class Projects(Protocol):
    """Projects and the installations they come from."""

    def projects(self) -> list[Project]:
        """Return all projects by name."""
        ...

    def project(self, project_id: str) -> Project:
        """Return a project; raises MissingError."""
        ...

    def project_named(self, name: str) -> Project:
        """Return a project by its name; raises MissingError."""
        ...

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository."""
        ...

    def set_repository(self, project_id: str, *, repository: str, production_branch: str) -> Project:
        """Remember what GitHub says of the project's repository now; raises MissingError."""
        ...

    def delete_project(self, project_id: str) -> None:
        """Forget a project with its deployments, aliases and reports. Safe to run again."""
        ...


class Deployments(Protocol):
    """Deployments and their states."""

    def create_deployment(self, deployment: NewDeployment, events: Sequence[Event] = ()) -> Deployment:
        """Create a deployment; raises MissingError without its project and ConflictError when the id is taken, or when
        an initial deployment is not the first of its branch: a push was faster.
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


class Aliases(Protocol):
    """Which label points where."""

    def aliases(self, project_id: str | None = None) -> list[Alias]:
        """Return all aliases, or a project's."""
        ...

    def go_live(
        self, deployment: Deployment, *, own: str, moving: Sequence[str], url: str, function: str | None
    ) -> Deployment:
        """Point the labels to a deployment and make it `ready`, all in one step; return it as it is then.

        `own` is its own label, `moving` are those it shares with others. Where something newer was published at one
        of these, no label changes and it ends as `superseded`. One that is ready already is returned as it is, so a
        repeated event undoes no rollback. Raises MissingError when it is gone, and ConflictError when it is not
        `deploying` any more (what was canceled does not go live) or a label is another project's alias or name.
        """
        ...

    def move_alias(self, label: str, deployment: Deployment) -> Alias:
        """Point an existing label to any ready deployment of its project, by a person's wish. Raises MissingError
        or ConflictError."""
        ...


class OneTime(Protocol):
    """Things that may be used once."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        """Mark a ticket as used by `spender`, the id of the event that carries it. The same spender may come
        again, because its event may; anybody else gets SpentError."""
        ...

    def add_claim(self, claim: Claim) -> None:
        """Add a claim. Earlier claims of the same deployment end. Raises MissingError without the deployment."""
        ...

    def spend_claim(self, sha256: str) -> str:
        """Use a claim and return its deployment's id; raises SpentError when it is unknown, used or too old."""
        ...


class Reports(Protocol):
    """What GitHub has been told."""

    def report(self, deployment_id: str) -> Report:
        """Return what was reported, a fresh Report when nothing was."""
        ...

    def save_report(self, report: Report) -> None:
        """Remember what was reported; a lower version never replaces a higher one. Nothing is kept of a deployment
        that is gone."""
        ...


class Store(Deliveries, Projects, Deployments, Aliases, OneTime, Reports, Protocol):
    """All of it. Ask for the narrow ones where they do."""
