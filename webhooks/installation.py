"""`installation`: the App was installed on an account, or the account changed its mind.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation
"""

from dataclasses import dataclass, replace

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.project import Standing
from battleshiper.platform.pipeline.requests import MintTicket, follow_request
from battleshiper.platform.store.port import Known
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import InstalledApp, NamedRepository, Sender
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.repositories import Repositories

# All of them say that the App is installed. What lists no repositories takes none away.
_INSTALLED = frozenset({"created", "unsuspend", "new_permissions_accepted"})
_ENDED = {"deleted": Standing.GONE, "suspend": Standing.SUSPENDED}
_REASONS = {
    "unsuspend": "{account} lets the App act again.",
    "new_permissions_accepted": "{account} accepted what the App asks for.",
    "deleted": "The App was uninstalled from {account}: nothing is built there any more, and its sites stay.",
    "suspend": "The App was suspended on {account}: nothing is built there until that ends, and its sites stay.",
}


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

    def __init__(self, repositories: Repositories, mint: MintTicket) -> None:
        self._repositories = repositories
        self._mint = mint

    def plan(self, change: InstallationChange, _known: Known) -> Plan:
        """Remember how the installation is; its repositories become projects, and its projects follow it."""
        plan, app = Plan(action=change.action), change.installation
        if change.action not in _INSTALLED and change.action not in _ENDED:
            return plan.ignore("Nothing is done when an installation is changed like this.")
        standing = _ENDED.get(change.action, app.installation.standing)
        plan.installations.append(replace(app.installation, standing=standing))
        if change.action in _INSTALLED:
            self._repositories.initialise(plan, app, change.repositories, change.sender)
        if change.action in _REASONS:
            user = change.sender.id if change.sender else 0
            is_back = change.action in _INSTALLED
            plan.events.append(follow_request(self._mint, app.id, is_back=is_back, source=Requester.WEBHOOK, user=user))
            reason = _REASONS[change.action].format(account=app.account.login)
            plan.decisions.append(Decision(Verdict.FOLLOW, reason))
        return plan if plan.decisions else plan.ignore("The installation is known now; it has no repositories yet.")
