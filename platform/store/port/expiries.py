"""Deployments that have been kept long enough."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Expiring:
    """A deployment that has expired, of which something may be left outside of the store."""

    deployment: Deployment
    labels: tuple[str, ...]
    """The labels that pointed to it."""


class Expiries(Protocol):
    """Deployments that have been kept long enough. Their rows stay; what is left of them elsewhere is noted until it
    is cleared away."""

    def kept(self, project_id: str) -> list[Deployment]:
        """Return a project's deployments that are ready and have a label of their own, which is until they expire."""
        ...

    def expire(self, deployment: Deployment, labels: Collection[str]) -> Expiring:
        """Let a ready deployment expire: those of the labels that point to it are gone and nothing can be pointed to
        it any more, in one step. Raises one `deployment-changed` event.

        Raises MissingError when it is gone, and ConflictError when it is not as `deployment` shows it any more (it has
        expired, a label has come or gone) or when a label points to it that is not among `labels`.
        """
        ...

    def expiring(self) -> list[Expiring]:
        """Return the expired deployments that are not cleared away yet."""
        ...

    def forget_expiring(self, expiring: Expiring) -> None:
        """Note that an expired deployment is cleared away. Safe to run again."""
        ...
