"""The audit log: what was done by those who run the platform, to whom, and what it was before."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One privileged action. Entries are added, and neither changed nor removed."""

    id: str
    at: datetime
    actor: str
    """Who did it: a login with GitHub's number, or the operator."""
    action: str
    """What was done, such as `roles.set`."""
    subject: str
    """What it was done to."""
    before: str = ""
    after: str = ""
