"""Acceptances that are more than one transaction takes, in portions that are not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.dynamodb.transaction import MOST_WRITES
from battleshiper.platform.store.port import Acceptance, NewDeployment, NewProject

_WRITES_OF_PROJECT = 4
"""The project, its label, the pointer to that, its repository."""
_WRITES_OF_DEPLOYMENT = 4
"""The deployment, two pointers to it, and that it is unfinished."""
_WRITES_OF_ACCESS = 2
"""A grant or what was told of a repository, and the repository."""
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
    grants: list[Grant] = field(default_factory=list)
    repositories: list[RepositoryFacts] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """How many writes it takes at most."""
        projects = _WRITES_OF_PROJECT * len(self.projects)
        accesses = _WRITES_OF_ACCESS * (len(self.grants) + len(self.repositories))
        # One more for the row of each project that is there already.
        return projects + accesses + len(self.project_ids) + _WRITES_OF_DEPLOYMENT * len(self.deployments)

    def add(self, other: "Portion") -> None:
        """Take over what another portion has."""
        self.project_ids += other.project_ids
        self.projects += other.projects
        self.deployments += other.deployments
        self.events += other.events
        self.grants += other.grants
        self.repositories += other.repositories


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
        if made[-1].writes and made[-1].writes + portion.writes > room:
            made.append(Portion())
        made[-1].add(portion)
    made[-1].add(general)
    return made


def _by_project(acceptance: Acceptance, read: Iterable[str]) -> Iterator[Portion]:
    found: dict[str, Portion] = {}
    repositories: dict[int, Portion] = {}

    def of(project_id: str) -> Portion:
        return found.setdefault(project_id, Portion([project_id]))

    for project in acceptance.projects:
        repositories[project.repository_id] = of(project.id)
        of(project.id).projects.append(project)
    for grant in acceptance.grants:
        repositories.setdefault(grant.repository_id, Portion()).grants.append(grant)
    for facts in acceptance.repositories:
        repositories.setdefault(facts.id, Portion()).repositories.append(facts)
    for deployment in acceptance.deployments:
        of(deployment.project_id).deployments.append(deployment)
    for project_id in read:
        of(project_id)
    general = Portion()
    for event in acceptance.events:
        of_repository = repositories.get(int(event.detail.get("repository", "0")), general)
        found.get(event.detail.get("project", ""), of_repository).events.append(event)
    yield general
    yield from found.values()
    yield from (portion for portion in repositories.values() if not portion.project_ids)
