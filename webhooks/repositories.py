"""What is done for repositories that the App gets to see, or sees no more."""

from collections.abc import Callable, Iterable

from battleshiper.platform.model.access import Grant
from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.hostname import project_names
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.requests import MintTicket, init_request
from battleshiper.platform.store.port import NewProject
from battleshiper.platform.tickets.ticket import Requester
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
        """Add a project and an init event for each repository that the installation was given.

        Where a repository has a project already the store creates none; that one follows the repository, and the init
        step deploys what was missed.
        """
        for repository in _distinct(repositories):
            project_id = self._identify()
            names = tuple(project_names(repository.full_name, repository.id))
            plan.projects.append(
                NewProject(project_id, names, app.id, app.account.id, repository.id, repository.full_name)
            )
            plan.grants.append(Grant(repository.id, app.id, is_given=True, told_at=app.told_at))
            self._look(plan, project_id, app.id, repository.id, sender)
            reason = f"The App was given {repository.full_name}."
            plan.decisions.append(Decision(Verdict.INITIALISE, reason, project_id))

    def take_away(
        self,
        plan: Plan,
        app: InstalledApp,
        repositories: Iterable[NamedRepository],
        sender: Sender | None,
    ) -> None:
        """Note that the installation may not see the repositories any more. Their sites stay as they are."""
        for repository in _distinct(repositories):
            plan.grants.append(Grant(repository.id, app.id, is_given=False, told_at=app.told_at))
            # There may be any number of them: which of them have projects is for the init step to look up.
            self._look(plan, "", app.id, repository.id, sender)
            reason = f"The App may no longer see {repository.full_name}; its site stays as it is."
            plan.decisions.append(Decision(Verdict.FOLLOW, reason))

    def follow(
        self, plan: Plan, projects: list[Project], reason: str, *, installation_id: int | None, sender: Sender | None
    ) -> None:
        """Let a repository's projects be as it is now. `installation_id` is who is asked about it, by itself the one
        that the projects have."""
        if not projects:
            plan.ignore(f"{reason} No project is built from it.")
            return
        first = projects[0]
        self._look(plan, first.id, installation_id or first.installation_id, first.repository_id, sender)
        plan.decisions += [Decision(Verdict.FOLLOW, reason, project.id) for project in projects]

    def _look(
        self, plan: Plan, project_id: str, installation_id: int, repository_id: int, sender: Sender | None
    ) -> None:
        plan.events.append(
            init_request(
                self._mint,
                project_id,
                installation_id=installation_id,
                repository_id=repository_id,
                source=Requester.WEBHOOK,
                user=sender.id if sender else 0,
            )
        )


def _distinct(repositories: Iterable[NamedRepository]) -> Iterable[NamedRepository]:
    """A repository that is listed twice is one repository."""
    return {repository.id: repository for repository in repositories}.values()
