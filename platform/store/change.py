"""What every store tells of a deployment's changes, how it says so, and how sets of words are kept."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import ALL_SURFACES, Surface
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.subscription import Limit

LATE = "Superseded: a newer deployment of this branch went live first."


@dataclass(frozen=True, slots=True)
class Change:
    """What a deployment becomes; None leaves a value as it is."""

    state: State
    reason: str = ""
    url: str | None = None
    function: str | None = None


def read_surfaces(kept: str | None) -> frozenset[Surface]:
    """Return the surfaces that a store has kept as words; all of them where it has kept none."""
    return ALL_SURFACES if kept is None else frozenset(map(Surface, kept.split()))


def write_surfaces(surfaces: Collection[Surface]) -> str:
    """Return what a store keeps of surfaces."""
    return " ".join(sorted(surfaces))


def read_roles(kept: str) -> frozenset[Role]:
    """Return the roles that a store has kept as words."""
    return frozenset(map(Role, kept.split()))


def write_roles(roles: Collection[Role]) -> str:
    """Return what a store keeps of roles."""
    return " ".join(sorted(roles))


def read_limits(kept: str) -> dict[Limit, int]:
    """Return the limits that a store has kept as JSON."""
    return {Limit(name): most for name, most in json.loads(kept).items()}


def write_limits(limits: Mapping[Limit, int]) -> str:
    """Return what a store keeps of limits."""
    return json.dumps({limit.value: most for limit, most in sorted(limits.items())})


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
