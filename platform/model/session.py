"""A session: a browser in which somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session. Its secret is known here by its hash alone, and another takes its place in time."""

    id: str
    account_id: int
    epoch: int
    """The account's when the session began."""
    secret_sha256: str
    previous_sha256: str
    """Of the secret before, which what the browser has under way may still send; empty for the first."""
    form_token: str
    """What forms of this session carry, so that no other site can send one."""
    created_at: datetime
    renewed_at: datetime
    expires_at: datetime
