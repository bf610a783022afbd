"""`installation_target`: the account that the App is installed on has another name, and so have its repositories.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation_target
"""

from dataclasses import dataclass

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.pipeline.requests import MintTicket, follow_request
from battleshiper.platform.store.port import Known
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import Account, Sender
from battleshiper.webhooks.plan import Plan


@dataclass(frozen=True, slots=True)
class TargetChange:
    """The payload. All that it says of the installation is which one it is."""

    action: str
    account: Account
    installation_id: int
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "TargetChange":
        return TargetChange(
            fields.text("action"),
            fields.part("account", Account.read),
            fields.part("installation", lambda installation: installation.github_id()),
            fields.part_if_there("sender", Sender.read),
        )


class InstallationTargets:
    """Plans what follows from renamed accounts."""

    def __init__(self, mint: MintTicket) -> None:
        self._mint = mint

    def plan(self, change: TargetChange, _known: Known) -> Plan:
        """Ask GitHub about each repository of the installation: it tells how they are called now."""
        plan = Plan(action=change.action)
        if change.action != "renamed":
            return plan.ignore("Nothing is done when an account is changed like this.")
        user = change.sender.id if change.sender else 0
        request = follow_request(self._mint, change.installation_id, is_back=True, source=Requester.WEBHOOK, user=user)
        plan.events.append(request)
        reason = f"The account is called {change.account.login} now; its projects follow, and their addresses stay."
        plan.decisions.append(Decision(Verdict.FOLLOW, reason))
        return plan
