"""Issuing claims, for what submits builds and never answers a claim."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.store.port import Claim, OneTime

CLAIM_LIFETIME = timedelta(hours=24)


class ClaimIssue:
    """Issues claims."""

    def __init__(self, claims: OneTime, clock: Callable[[], datetime]) -> None:
        self._claims = claims
        self._clock = clock

    def issue(self, deployment_id: str, attempts: int = 1) -> str:
        """Return a fresh claim for a deployment, good for so many attempts, each once; its earlier ones end."""
        claim = secrets.token_urlsafe(32)
        self._claims.add_claim(Claim(hash_claim(claim), deployment_id, self._clock() + CLAIM_LIFETIME, attempts))
        return claim


def hash_claim(claim: str) -> str:
    """Return what is kept of a claim."""
    return hashlib.sha256(claim.encode()).hexdigest()
