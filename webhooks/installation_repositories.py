"""`installation_repositories`: an account gave the App repositories, or took some away.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation_repositories
"""

from dataclasses import dataclass

from battleshiper.platform.store.port import Known
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import InstalledApp, NamedRepository, Sender
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.repositories import Repositories


@dataclass(frozen=True, slots=True)
class RepositoriesChange:
    """The payload."""

    action: str
    installation: InstalledApp
    repositories_added: tuple[NamedRepository, ...]
    repositories_removed: tuple[NamedRepository, ...]
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "RepositoriesChange":
        return RepositoriesChange(
            fields.text("action"),
            fields.part("installation", InstalledApp.read),
            fields.parts("repositories_added", NamedRepository.read),
            fields.parts("repositories_removed", NamedRepository.read),
            fields.part_if_there("sender", Sender.read),
        )


class InstallationRepositories:
    """Plans what follows when the App's repositories change."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def plan(self, change: RepositoriesChange, _known: Known) -> Plan:
        """Make projects of the repositories that were added; build those no more that were removed."""
        plan, app = Plan(action=change.action), change.installation
        if change.action not in ("added", "removed"):
            return plan.ignore("Nothing is done when an installation's repositories are changed like this.")
        plan.installations.append(app.installation)
        if change.action == "added":
            self._repositories.initialise(plan, app, change.repositories_added, change.sender)
        else:
            self._repositories.take_away(plan, app, change.repositories_removed, change.sender)
        return plan if plan.decisions else plan.ignore("No repositories were added or removed.")
