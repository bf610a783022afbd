"""A delivery: one webhook request from GitHub and what was decided about it, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a delivery leads to, for one project or as a whole."""

    BUILD = "build"
    SKIP = "skip"
    WAIT = "wait"
    RETIRE = "retire"
    COMMAND = "command"
    INITIALISE = "initialise"
    FOLLOW = "follow"
    """The project becomes what its repository and installation are."""
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and why. `project` is None when no single project is concerned."""

    verdict: Verdict
    reason: str
    project_id: str | None = None
    deployment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook request; `id` is GitHub's X-GitHub-Delivery, which a redelivery repeats."""

    id: str
    event: str
    """X-GitHub-Event, with `.action` behind it where the payload has one."""
    repository: str | None
    received_at: datetime
    decisions: tuple[Decision, ...]
