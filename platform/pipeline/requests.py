"""Requests: the events that ask for pipeline steps, each with the ticket it needs."""

from collections.abc import Callable

from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.tickets.ticket import Step, TicketGrant

MintTicket = Callable[[TicketGrant], str]
"""What signs tickets: `Mint.mint`."""


def build_request(mint: MintTicket, project_id: str, deployment_id: str, *, source: str, user: int) -> Event:
    """Return the event that asks for a build."""
    ticket = mint(TicketGrant(Step.BUILD, source, user, project_id, deployment_id))
    return Event(EventType.BUILD, {"project": project_id, "deployment": deployment_id, "ticket": ticket})


def delete_request(mint: MintTicket, project_id: str, *, source: str, user: int) -> Event:
    """Return the event that asks for a project's end."""
    ticket = mint(TicketGrant(Step.DELETE, source, user, project_id))
    return Event(EventType.DELETE, {"project": project_id, "ticket": ticket})
