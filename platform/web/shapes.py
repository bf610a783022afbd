"""What the API answers, as types: the code keeps to them, and the API's document is made of them."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""ISO 8601, in UTC."""


class Deployment(TypedDict):
    """One attempt to build and serve one commit of a project."""

    id: str
    number: int
    project: str
    repository: str
    environment: str
    origin: str
    state: str
    finished: bool
    reason: str
    url: str | None
    sha: str
    branch: str
    message: str
    author: str
    created_at: Moment
    building_at: Moment | None
    deploying_at: Moment | None
    finished_at: Moment | None
    expired_at: Moment | None
    retired_at: Moment | None


class Project(TypedDict):
    """One site, with its latest deployment."""

    name: str
    repository: str
    root_directory: str
    production_branch: str | None
    access: str
    obstacle: str
    url: str
    created_at: Moment
    surfaces: list[str]
    latest_deployment: Deployment | None


class Deleting(TypedDict):
    """The project whose end was asked for."""

    deleting: str


class Move(TypedDict):
    """The production site shows another deployment."""

    url: str
    before: Deployment
    after: Deployment


class LogLine(TypedDict):
    """A line of a log."""

    at: str
    text: str


class Log(TypedDict):
    """Lines of a log, and where to go on."""

    lines: list[LogLine]
    next: int
    finished: bool


class CallerIdentity(TypedDict):
    """Whose a token is."""

    login: str
    operator: bool


class Decision(TypedDict):
    """What was decided on a delivery for a project, and why."""

    verdict: str
    reason: str
    project: str | None
    deployment: str | None


class Delivery(TypedDict):
    """A webhook of GitHub's, with what was decided on it."""

    id: str
    event: str
    repository: str | None
    received_at: Moment
    decisions: list[Decision]


class DeadLetter(TypedDict):
    """An event that could not be handled."""

    id: str
    event: str
    project: str | None
    deployment: str | None
    error: str
    attempts: int
    died_at: Moment


class Retried(TypedDict):
    """The events that are handled again."""

    retried: list[str]


class Variable(TypedDict):
    """An environment variable, without its value."""

    name: str
    scope: str
    updated_at: Moment


class ForgottenVariable(TypedDict):
    """An environment variable that is no more."""

    name: str
    scope: str


class Alias(TypedDict):
    """A further hostname of a project; without a branch it shows what production does."""

    alias: str
    url: str
    branch: str | None
    held_at: Moment


class Hook(TypedDict):
    """A build hook, without its address."""

    id: str
    title: str
    branch: str | None
    created_at: Moment
    used_at: Moment | None


class NewHook(Hook):
    """A build hook that was just made, with its address, which is told this once."""

    url: str


class ForgottenHook(TypedDict):
    """A build hook that is no more."""

    id: str


class Account(TypedDict):
    """Somebody who has signed in."""

    id: int
    login: str
    name: str
    roles: list[str]
    created_at: Moment
    signed_in_at: Moment


class Ended(TypedDict):
    """The account whose sessions have ended."""

    ended: int


class Deleted(TypedDict):
    """The account that is forgotten."""

    deleted: int


class AuditEntry(TypedDict):
    """What somebody who runs the platform has done."""

    at: Moment
    actor: str
    action: str
    subject: str
    before: str
    after: str


class Invitation(TypedDict):
    """A link that makes whoever opens it first an administrator."""

    url: str


class Subscription(TypedDict):
    """Limits under a name; what is not among them is not limited."""

    name: str
    limits: dict[str, int]


class Use(TypedDict):
    """How much was used of a limit; null where that is not counted, or not limited."""

    limit: str
    used: int | None
    most: int | None


class Uses(TypedDict):
    """What an account has used."""

    subscription: str
    uses: list[Use]
    resets_at: Moment


class OldKey(TypedDict):
    """A ticket key that still verifies."""

    key: str
    until: Moment


class Keys(TypedDict):
    """The ticket keys."""

    signing: str
    verifying: list[OldKey]


class Rebuilt(TypedDict):
    """How many hostnames have routes."""

    hostnames: int


class Problem(TypedDict):
    """What could not be done, and what to do (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
