"""What follows when the account that the App is installed on is renamed."""

import json
from typing import Any

import pytest

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.event import EventType
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.refusal import MalformedError
from battleshiper.webhooks.router import Router

RENAMED = {
    "action": "renamed",
    "account": {"id": 4, "login": "new-octo", "type": "Organization"},
    "changes": {"login": {"from": "octo"}},
    "installation": {"id": 99, "node_id": "x"},
    "target_type": "Organization",
    "sender": {"id": 5},
}


def planned(known: Any, mint: Any, **changes: object) -> Plan:
    """Return what follows from the event, changed a little."""
    text = json.dumps({**RENAMED, **changes}).encode()
    return Router(None, mint).read(VerifiedEvent("1", "installation_target", None, text))(known)


def test_a_renamed_account(known: Any, mint: Any) -> None:
    """GitHub is asked about each repository of the installation."""
    plan = planned(known, mint)
    (event,) = plan.events
    assert (event.type, event.detail["installation"], event.detail["back"]) == (EventType.INIT, "99", "yes")
    (decision,) = plan.decisions
    assert (decision.verdict, "new-octo" in decision.reason) == (Verdict.FOLLOW, True)


def test_another_action(known: Any, mint: Any) -> None:
    """What GitHub may tell of accounts some day does nothing."""
    plan = planned(known, mint, action="dissolved")
    assert ([each.verdict for each in plan.decisions], plan.events) == ([Verdict.IGNORE], [])


@pytest.mark.parametrize("changes", [{"installation": None}, {"account": {}}, {"installation": {"id": "x"}}])
def test_a_damaged_payload(known: Any, mint: Any, changes: dict[str, object]) -> None:
    """Is refused, as any is."""
    with pytest.raises(MalformedError):
        planned(known, mint, **changes)
