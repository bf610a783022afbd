"""`installation`: the App was installed on an account, or the account changed its mind.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation
"""

from dataclasses import dataclass

from battleshiper.platform.store.port import Known
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import InstalledApp, NamedRepository, Sender
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.repositories import Repositories

# All of them say that the App is installed and may act now.
_INSTALLED = frozenset({"created", "unsuspend", "new_permissions_accepted"})
_GONE = {
    "deleted": "The App was uninstalled by {account}; its sites stay as they are.",
    "suspend": "The App was suspended by {account}; its sites stay as they are.",
}
_UNKNOWN = "Nothing is done when an installation is changed like this."


@dataclass(frozen=True, slots=True)
class InstallationChange:
    """The payload."""

    action: str
    installation: InstalledApp
    repositories: tuple[NamedRepository, ...]
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "InstallationChange":
        return InstallationChange(
            fields.text("action"),
            fields.part("installation", InstalledApp.read),
            fields.parts("repositories", NamedRepository.read),
            fields.part_if_there("sender", Sender.read),
        )


class Installations:
    """Plans what follows from installations."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def plan(self, change: InstallationChange, _known: Known) -> Plan:
        """Remember an installation that may act, with its repositories; record the rest."""
        plan = Plan(action=change.action)
        if change.action not in _INSTALLED:
            return plan.ignore(_GONE.get(change.action, _UNKNOWN).format(account=change.installation.account.login))
        self._repositories.initialise(plan, change.installation, change.repositories, change.sender)
        return plan if plan.decisions else plan.ignore("The installation is known now; it has no repositories yet.")
