"""A plan: everything that a delivery leads to, for the store to write whole or not at all."""

from dataclasses import dataclass, field
from datetime import datetime

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Installation
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.port import Acceptance, NewDeployment, NewProject


@dataclass(slots=True)
class Plan:
    """What was decided, and what is to be created because of it."""

    repository: str | None = None
    """`owner/name`, where the delivery is about one."""
    action: str | None = None
    decisions: list[Decision] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    projects: list[NewProject] = field(default_factory=list)
    deployments: list[NewDeployment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pulls: list[PullRequest] = field(default_factory=list)
    retirements: list[Retirement] = field(default_factory=list)
    brought_back: list[tuple[int, str]] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    repositories: list[RepositoryFacts] = field(default_factory=list)

    def acceptance(self, delivery_id: str, event: str, received_at: datetime) -> Acceptance:
        """Return what is to be recorded of the delivery that this is the plan of."""
        name = f"{event}.{self.action}" if self.action else event
        return Acceptance(
            Delivery(delivery_id, name, self.repository, received_at, tuple(self.decisions)),
            self.installations,
            self.projects,
            self.deployments,
            self.events,
            self.pulls,
            self.retirements,
            self.brought_back,
            self.grants,
            self.repositories,
        )

    def ignore(self, reason: str, project_id: str | None = None) -> "Plan":
        """Add the decision to do nothing, and return the plan."""
        self.decisions.append(Decision(Verdict.IGNORE, reason, project_id))
        return self
