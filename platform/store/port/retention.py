"""What is forgotten in time. Deployments that were ready are not: see `Projects.delete_project`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What is forgotten in time, in batches, so that nobody has to wait for it."""

    def forget_deliveries(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` deliveries that came before a time, oldest first, and return how many there were.

        Those stay that led to a deployment which is not finished, or which a hostname that moves points to.
        """
        ...

    def failures(self, before: datetime, limit: int) -> list[str]:
        """Return the ids of up to `limit` deployments that ended before a time without ever being ready, oldest
        first."""
        ...

    def forget_failures(self, ids: Sequence[str]) -> None:
        """Forget deployments that `failures` has told. Safe to run again."""
        ...

    def forget_spent(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` tickets and as many claims that were good until before a time, and return how many
        there were. A ticket that is forgotten must not look good on any clock."""
        ...
