"""A ticket: a signed, single-use grant to run one pipeline step for one deployment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TicketRefusedError(Exception):
    """A ticket does not permit what it was shown for; the message says why, without quoting the ticket."""


class Step(StrEnum):
    """The pipeline's steps; a ticket's audience (`aud`, RFC 7519 4.1.3) is one of them."""

    INIT = "init"
    BUILD = "build"
    DEPLOY = "deploy"
    DELETE = "delete"
    SETTLE = "settle"
    COMMAND = "command"


class Requester(StrEnum):
    """The parts that ask for steps."""

    WEBHOOK = "webhook"
    INIT = "init"
    OPERATOR = "operator"
    HOOK = "hook"


@dataclass(frozen=True, slots=True)
class TicketGrant:
    """What a ticket permits, and on whose behalf."""

    step: Step
    source: Requester
    """Which part asks."""
    user: int
    """GitHub's numeric id of who set it off; 0 for the platform itself."""
    project_id: str
    """Empty where the step concerns whatever projects there are (init, for a repository or an installation)."""
    deployment_id: str = ""
    """Empty for the steps that concern more than one deployment (init, delete, settle, command)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket whose signature, lifetime and audience were found good."""

    id: str
    grant: TicketGrant
    expires_at: datetime
