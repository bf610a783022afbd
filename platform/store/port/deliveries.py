"""What GitHub told us, and what a decision on it may know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Origin
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Installation, Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.port.deployments import NewDeployment
from battleshiper.platform.store.port.projects import NewProject


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A delivery with everything that was decided on it. Of what it tells of installations, grants and repositories
    only what is newer than what is known is kept."""

    delivery: Delivery
    installations: Sequence[Installation] = ()
    projects: Sequence[NewProject] = ()
    deployments: Sequence[NewDeployment] = ()
    events: Sequence[Event] = ()
    pulls: Sequence[PullRequest] = ()
    retirements: Sequence[Retirement] = ()
    """Branches that are shown no more."""
    brought_back: Sequence[tuple[int, str]] = ()
    """Branches that are shown again, each with its repository's id."""
    grants: Sequence[Grant] = ()
    repositories: Sequence[RepositoryFacts] = ()


class Rival(NamedTuple):
    """What a new push is told of an earlier deployment of its branch."""

    id: str
    sha: str
    parent_sha: str | None
    pushed_at: int
    origin: Origin
    is_skipped: bool = False
    """Its message asked that nothing be done: it stands in nobody's way."""
    is_gone: bool = False
    """Nothing of it can be shown: it was canceled, or has expired."""


class Known(Protocol):
    """What a decision on a delivery may ask the store."""

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository."""
        ...

    def rivals(self, project_id: str, branch: str) -> list[Rival]:
        """Return a branch's latest deployments that were not superseded, newest first: a few at most, and as few of
        those that are skipped, of which two dozen in a row hide no others."""
        ...

    def pull(self, repository_id: int, number: int) -> PullRequest | None:
        """Return a pull request, None for one that we have not heard of."""
        ...

    def pulls_of_branch(self, repository_id: int, branch: str) -> Sequence[PullRequest]:
        """Return the pull requests of a branch, newest first."""
        ...

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        ...


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

        What is more than the store writes at once (dozens of projects) is written some projects at a time, each with
        its deployments and events, and the delivery last: one that is cut off is not recorded, and may come again.
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
