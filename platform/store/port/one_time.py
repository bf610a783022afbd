"""Things that may be used once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim for a build's instructions, known by its hash only."""

    sha256: str
    deployment_id: str
    expires_at: datetime
    attempts: int = 1
    """How many attempts at the build may use it, each once: more than one where a lost machine's job is run again as
    it was."""
    spent: int = 0
    """The latest attempt that has used it."""


class OneTime(Protocol):
    """Things that may be used once."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        """Mark a ticket as used by `spender`, the id of the event that carries it. The same spender may come
        again, because its event may; anybody else gets SpentError."""
        ...

    def add_claim(self, claim: Claim) -> None:
        """Add a claim. Earlier claims of the same deployment end. Raises MissingError without the deployment."""
        ...

    def spend_claim(self, sha256: str, attempt: int = 1) -> Claim:
        """Use a claim for an attempt, counted from 1, and return it as it is now. Raises SpentError when it is unknown
        or too old, when this attempt or a later one has used it, or when it is not good for so many."""
        ...
