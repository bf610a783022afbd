"""What every store tells of a deployment's changes, and how it says so."""

from collections.abc import Mapping
from dataclasses import dataclass

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType

LATE = "Superseded: a newer deployment of this branch went live first."


@dataclass(frozen=True, slots=True)
class Change:
    """What a deployment becomes; None leaves a value as it is."""

    state: State
    reason: str = ""
    url: str | None = None
    function: str | None = None


def changed(deployment_id: str, project_id: str, sha: str, version: int, state: State) -> Event:
    """Return the event that a deployment reached `version`. Those of one project and commit are handled
    one at a time, because GitHub shows one state for them all."""
    detail: Mapping[str, str] = {
        "deployment": deployment_id,
        "project": project_id,
        "version": str(version),
        "state": state.value,
    }
    group = f"report:{project_id}:{sha}"
    return Event(EventType.DEPLOYMENT_CHANGED, detail, group, f"{deployment_id}-{version}")
