"""`repository`: a repository was renamed, transferred, archived or otherwise changed. Its projects follow; their names,
and with them the addresses of their sites, stay.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#repository
"""

from dataclasses import dataclass

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.store.port import Known
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import Sender, repository_name
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.repositories import Repositories

_REASONS = {
    "renamed": "The repository is called {name} now.",
    "transferred": "The repository is {name} now.",
    "archived": "{name} was archived; its site stays as it is and is not built any more.",
    "unarchived": "{name} is archived no more.",
    "privatized": "{name} is private now; its site stays as it is, for everybody.",
    "publicized": "{name} is public now.",
    "edited": "{name} was edited; its default branch is {branch}.",
    "deleted": "{name} was deleted; its site stays as it is until the project is deleted.",
}


@dataclass(frozen=True, slots=True)
class ToldRepository:
    """The repository as the payload tells of it."""

    id: int
    full_name: str
    default_branch: str | None
    is_archived: bool
    updated_at: int
    """Unix seconds, 0 when GitHub does not say."""

    @staticmethod
    def read(fields: Fields) -> "ToldRepository":
        branch = None if fields.value("default_branch") is None else fields.text("default_branch")
        return ToldRepository(
            fields.github_id(),
            repository_name(fields),
            branch,
            fields.value("archived") is True,
            fields.second("updated_at"),
        )


@dataclass(frozen=True, slots=True)
class RepositoryChange:
    """The payload. `installation` is None where GitHub does not say whose App it tells."""

    action: str
    repository: ToldRepository
    installation: int | None
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "RepositoryChange":
        return RepositoryChange(
            fields.text("action"),
            fields.part("repository", ToldRepository.read),
            fields.part_if_there("installation", lambda installation: installation.github_id()),
            fields.part_if_there("sender", Sender.read),
        )


class RepositoryChanges:
    """Plans what follows when repositories change."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def plan(self, change: RepositoryChange, known: Known) -> Plan:
        """Remember how the repository is, and let its projects follow."""
        told = change.repository
        plan = Plan(told.full_name, change.action)
        reason = _REASONS.get(change.action)
        if reason is None:
            return plan.ignore("Nothing is done when a repository is changed like this.")
        plan.repositories.append(
            RepositoryFacts(
                told.id,
                told.full_name,
                told.default_branch,
                is_archived=told.is_archived or change.action == "archived",
                is_deleted=change.action == "deleted",
                told_at=told.updated_at,
            )
        )
        if change.action == "transferred" and change.installation is not None:
            # GitHub tells only the account that has it now.
            plan.grants.append(Grant(told.id, change.installation, is_given=True, told_at=told.updated_at))
        text = reason.format(name=told.full_name, branch=told.default_branch)
        projects = known.projects_of_repository(told.id)
        self._repositories.follow(plan, projects, text, installation_id=change.installation, sender=change.sender)
        return plan
