"""Requests: the events that ask for pipeline steps, each with the tickets it needs."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from battleshiper.platform.model.command import Command
from battleshiper.platform.model.deployment import Deployment
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


def reuse_request(deployment: Deployment, lender: Deployment, deploy_ticket: str) -> Event:
    """Return the event that asks for the deploy step with what another deployment was built to. However often it is
    asked for, it is one event: the ticket is good for one."""
    detail = {
        "project": deployment.project_id,
        "deployment": deployment.id,
        "lender": lender.id,
        "ticket": deploy_ticket,
    }
    return Event(EventType.DEPLOY, detail, id=f"reuse-{deployment.id}")


def init_request(
    mint: MintTicket, project_id: str, *, installation_id: int, repository_id: int, source: Requester, user: int
) -> Event:
    """Return the event that asks to look how a repository stands with an installation, and to deploy what is there.
    `project_id` is one of its projects, empty where they are not known."""
    detail = {
        "installation": str(installation_id),
        "repository": str(repository_id),
        "project": project_id,
        "ticket": mint(TicketGrant(Step.INIT, source, user, project_id)),
    }
    return Event(EventType.INIT, detail)


def follow_request(mint: MintTicket, installation_id: int, *, is_back: bool, source: Requester, user: int) -> Event:
    """Return the event that asks to let all projects of an installation be as that is now. Where it is said to be back,
    GitHub is asked about each of their repositories."""
    detail = {
        "back": "yes" if is_back else "no",
        "installation": str(installation_id),
        "project": "",
        "ticket": mint(TicketGrant(Step.INIT, source, user, "")),
    }
    return Event(EventType.INIT, detail)


def settle_request(mint: MintTicket, project_id: str, branch: str, *, source: Requester, user: int) -> Event:
    """Return the event that asks to let a branch's previews be as the store has it: shown, or retired."""
    ticket = mint(TicketGrant(Step.SETTLE, source, user, project_id))
    detail = {"project": project_id, "branch": branch, "ticket": ticket}
    return Event(EventType.SETTLE, detail, f"settle:{project_id}:{branch}")


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """What a person asks for in a comment on a pull request."""

    project_id: str
    """One project of the repository, for which the ticket is; the command is for all of them."""
    repository_id: int
    number: int
    """The pull request's."""
    comment_id: int
    commented_at: int
    """Unix seconds as GitHub says it."""
    author_id: int
    login: str
    """The author's name at that time."""
    command: Command
    argument: str


def command_request(mint: MintTicket, request: CommandRequest) -> Event:
    """Return the event that asks to do what a comment says. Those of one repository are handled one at a time."""
    ticket = mint(TicketGrant(Step.COMMAND, Requester.WEBHOOK, request.author_id, request.project_id))
    detail = {name: str(value) for name, value in asdict(request).items()}
    return Event(EventType.COMMAND, {**detail, "ticket": ticket}, f"command:{request.repository_id}")


def read_command_request(event: Event) -> CommandRequest:
    """Return what an event of `command_request` asks for; raises KeyError or ValueError."""
    told = event.detail
    return CommandRequest(
        told["project_id"],
        int(told["repository_id"]),
        int(told["number"]),
        int(told["comment_id"]),
        int(told["commented_at"]),
        int(told["author_id"]),
        told["login"],
        Command(told["command"]),
        told["argument"],
    )


def pull_changed(repository_id: int, number: int) -> Event:
    """Return the event that asks to look at a pull request's comment. Those of one pull request are handled one at a
    time, because there is one comment."""
    detail = {"repository": str(repository_id), "number": str(number)}
    return Event(EventType.PULL_CHANGED, detail, f"pull:{repository_id}:{number}")


def delete_request(mint: MintTicket, project_id: str, *, source: Requester, user: int) -> Event:
    """Return the event that asks for a project's end."""
    ticket = mint(TicketGrant(Step.DELETE, source, user, project_id))
    return Event(EventType.DELETE, {"project": project_id, "ticket": ticket})
