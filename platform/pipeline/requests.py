"""Requests: the events that ask for pipeline steps, each with the tickets it needs."""

from collections.abc import Callable

from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant

MintTicket = Callable[[TicketGrant], str]
"""What signs tickets: `Mint.mint`."""


def build_request(mint: MintTicket, project_id: str, deployment_id: str, *, source: Requester, user: int) -> Event:
    """Return the event that asks for a build and, when it has ended, for the deploy step."""

    def ticket(step: Step) -> str:
        return mint(TicketGrant(step, source, user, project_id, deployment_id))

    detail = {
        "project": project_id,
        "deployment": deployment_id,
        "ticket": ticket(Step.BUILD),
        "deploy_ticket": ticket(Step.DEPLOY),
    }
    return Event(EventType.BUILD, detail)


def settle_request(mint: MintTicket, project_id: str, branch: str, *, source: Requester, user: int) -> Event:
    """Return the event that asks to let a branch's previews be as the store has it: shown, or retired."""
    ticket = mint(TicketGrant(Step.SETTLE, source, user, project_id))
    detail = {"project": project_id, "branch": branch, "ticket": ticket}
    return Event(EventType.SETTLE, detail, f"settle:{project_id}:{branch}")


def pull_changed(repository_id: int, number: int) -> Event:
    """Return the event that asks to look at a pull request's comment. Those of one pull request are handled one at a
    time, because there is one comment."""
    detail = {"repository": str(repository_id), "number": str(number)}
    return Event(EventType.PULL_CHANGED, detail, f"pull:{repository_id}:{number}")


def delete_request(mint: MintTicket, project_id: str, *, source: Requester, user: int) -> Event:
    """Return the event that asks for a project's end."""
    ticket = mint(TicketGrant(Step.DELETE, source, user, project_id))
    return Event(EventType.DELETE, {"project": project_id, "ticket": ticket})
