"""Things that may be used once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """A one-time claim for a build's instructions, known by its hash only."""

    sha256: str
    deployment_id: str
    expires_at: datetime


class OneTime(Protocol):
    """Things that may be used once."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        """Mark a ticket as used by `spender`, the id of the event that carries it. The same spender may come
        again, because its event may; anybody else gets SpentError."""
        ...

    def add_claim(self, claim: Claim) -> None:
        """Add a claim. Earlier claims of the same deployment end. Raises MissingError without the deployment."""
        ...

    def spend_claim(self, sha256: str) -> str:
        """Use a claim and return its deployment's id; raises SpentError when it is unknown, used or too old."""
        ...
