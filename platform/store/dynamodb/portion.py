"""Acceptances that are more than one transaction takes, in portions that are not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from battleshiper.platform.model.event import Event
from battleshiper.platform.store.dynamodb.transaction import MOST_WRITES
from battleshiper.platform.store.port import Acceptance, NewDeployment, NewProject

_WRITES_OF_PROJECT = 4
"""The project, its label, the pointer to that, its repository."""
_WRITES_OF_DEPLOYMENT = 4
"""The deployment, two pointers to it, and that it is unfinished."""
_WRITES_OF_PULL = 2
"""The pull request and its branch's pointer to it."""
_WRITES_OF_DELIVERY = 2
"""The delivery and the outbox."""


@dataclass(slots=True)
class Portion:
    """Some projects with all that concerns them."""

    project_ids: list[str] = field(default_factory=list)
    projects: list[NewProject] = field(default_factory=list)
    deployments: list[NewDeployment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """How many writes it takes at most."""
        projects = _WRITES_OF_PROJECT * len(self.projects)
        # One more for the row of each project that is there already.
        return projects + len(self.project_ids) + _WRITES_OF_DEPLOYMENT * len(self.deployments)

    def add(self, other: "Portion") -> None:
        """Take over what another portion has."""
        self.project_ids += other.project_ids
        self.projects += other.projects
        self.deployments += other.deployments
        self.events += other.events


def portions(acceptance: Acceptance, read: Iterable[str], besides: int) -> list[Portion]:
    """Return what an acceptance creates, by project, in portions of one transaction each; nearly always that is one.
    The last has what concerns no project, and room for the delivery, the installations and the pull requests. `read`
    are the projects that were looked at, each to be held to by one portion; `besides` is how many rows every portion
    holds to."""
    pulls = _WRITES_OF_PULL * len(acceptance.pulls) + len(acceptance.retirements) + len(acceptance.brought_back)
    room = MOST_WRITES - _WRITES_OF_DELIVERY - len(acceptance.installations) - pulls - besides
    general, *concerned = _by_project(acceptance, read)
    made = [Portion()]
    for portion in concerned:
        if made[-1].project_ids and made[-1].writes + portion.writes > room:
            made.append(Portion())
        made[-1].add(portion)
    made[-1].add(general)
    return made


def _by_project(acceptance: Acceptance, read: Iterable[str]) -> Iterator[Portion]:
    found: dict[str, Portion] = {}

    def of(project_id: str) -> Portion:
        return found.setdefault(project_id, Portion([project_id]))

    for project in acceptance.projects:
        of(project.id).projects.append(project)
    for deployment in acceptance.deployments:
        of(deployment.project_id).deployments.append(deployment)
    for project_id in read:
        of(project_id)
    general = Portion()
    for event in acceptance.events:
        found.get(event.detail.get("project", ""), general).events.append(event)
    yield general
    yield from found.values()
