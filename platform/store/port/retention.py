"""What is forgotten in time. Deployments are not: see `Projects.delete_project`."""

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What is forgotten in time, in batches, so that nobody has to wait for it."""

    def forget_deliveries(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` deliveries that came before a time, oldest first, and return how many there were.

        Those stay that led to a deployment which is not finished, or which a hostname that moves points to.
        """
        ...

    def forget_spent(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` tickets and as many claims that were good until before a time, and return how many
        there were. A ticket that is forgotten must not look good on any clock."""
        ...
