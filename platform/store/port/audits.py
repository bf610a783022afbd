"""The audit log."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.audit import AuditEntry


class Audits(Protocol):
    """Entries are added, and neither changed nor removed."""

    def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        ...

    def audit(self, limit: int = 50) -> Sequence[AuditEntry]:
        """Return the latest entries, newest first."""
        ...
