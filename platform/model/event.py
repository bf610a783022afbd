"""An event: what one part of the platform tells another over the bus."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4


class EventType(StrEnum):
    """The names of the events, as they stand on the bus (`detail-type` on EventBridge)."""

    INIT = "battleshiper.init"
    """A repository, or all of an installation, is new or not what it was."""
    BUILD = "battleshiper.build"
    DEPLOY = "battleshiper.deploy"
    """A build job ended, well or badly."""
    DELETE = "battleshiper.delete"
    SETTLE = "battleshiper.settle"
    """A branch is shown no more, or again."""
    COMMAND = "battleshiper.command"
    """Somebody asks for something in a pull request."""
    DEPLOYMENT_CHANGED = "battleshiper.deployment-changed"
    PULL_CHANGED = "battleshiper.pull-request-changed"
    """A pull request, or what is shown of it, is not what it was."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. Delivered at least once, in no promised order. Events of one `group` are handled one at a time; one
    that is put off may be overtaken by those behind it."""

    type: EventType
    detail: Mapping[str, str]
    """Small strings only: ids, a ticket, a reason. Never a secret."""
    group: str = ""
    """Empty: may run beside any other event."""
    id: str = field(default_factory=lambda: str(uuid4()))
