"""The way of a deployment, as the steps that a page shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from battleshiper.platform.model.deployment import Deployment, State


class Mark(StrEnum):
    """How a step stands."""

    DONE = "done"
    ACTIVE = "active"
    STOPPED = "stopped"
    """It was the last one, and what was to follow does not."""
    PASSED = "passed"
    """It was not needed."""
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; times are None where they are not known or have not come."""

    name: str
    mark: Mark
    began: datetime | None = None
    ended: datetime | None = None


def steps_of(deployment: Deployment) -> list[Step]:
    """Return the four steps: queued, building, deploying, ready."""
    first = "Waiting for approval" if deployment.state is State.AWAITING_APPROVAL else "Queued"
    names = (first, "Building", "Deploying", "Ready")
    ready = deployment.finished_at if deployment.state is State.READY else None
    began = (deployment.created_at, deployment.building_at, deployment.deploying_at, ready)
    last = max(at for at, moment in enumerate(began) if moment is not None)
    ends = (*began[1:3], deployment.finished_at)
    return [
        Step(name, _mark(deployment, at, last, began[at]), began[at], _end(began[at], ends[at:]))
        for at, name in enumerate(names)
    ]


def _mark(deployment: Deployment, at: int, last: int, began: datetime | None) -> Mark:
    if at > last:
        return Mark.AHEAD
    if at < last:
        return Mark.DONE if began is not None else Mark.PASSED
    if deployment.state is State.READY:
        return Mark.DONE
    return Mark.STOPPED if deployment.state.is_final else Mark.ACTIVE


def _end(began: datetime | None, ends: tuple[datetime | None, ...]) -> datetime | None:
    return next((end for end in ends if end is not None), None) if began is not None else None
