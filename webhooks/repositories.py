"""What is done for repositories that the App gets to see: each becomes a project with a first deployment."""

from collections.abc import Callable, Iterable

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.hostname import project_names
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Installation
from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.store.port import NewProject
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant
from battleshiper.webhooks.payload import InstalledApp, NamedRepository, Sender
from battleshiper.webhooks.plan import Plan


class Repositories:
    """Plans the projects of repositories."""

    def __init__(self, mint: MintTicket, identify: Callable[[], str] = new_identifier) -> None:
        self._mint = mint
        self._identify = identify

    def initialise(
        self, plan: Plan, app: InstalledApp, repositories: Iterable[NamedRepository], sender: Sender | None
    ) -> None:
        """Add the installation, and a project and an init event for each repository.

        Where a repository has a project already the store creates none, and the init step finds nothing to do.
        """
        plan.installations.append(Installation(app.id, app.account.id, app.account.login))
        user = sender.id if sender else 0
        # A repository that is listed twice is one repository.
        for repository in {repository.id: repository for repository in repositories}.values():
            project_id = self._identify()
            names = tuple(project_names(repository.full_name, repository.id))
            plan.projects.append(
                NewProject(project_id, names, app.id, app.account.id, repository.id, repository.full_name)
            )
            detail = {
                "installation": str(app.id),
                "repository": str(repository.id),
                "project": project_id,
                "ticket": self._mint(TicketGrant(Step.INIT, Requester.WEBHOOK, user, project_id)),
            }
            plan.events.append(Event(EventType.INIT, detail))
            reason = f"The App was given {repository.full_name}."
            plan.decisions.append(Decision(Verdict.INITIALISE, reason, project_id))
