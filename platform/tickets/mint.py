"""The mint: signs tickets. Only what holds the private key can build one."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import jwt

from battleshiper.platform.tickets.keys import LIFETIME, KeyRing, signing_key
from battleshiper.platform.tickets.ticket import TicketGrant

ISSUER = "battleshiper"
ALGORITHM = "EdDSA"


class Mint:
    """Signs tickets as JWTs (RFC 7519) with Ed25519 (RFC 8037)."""

    def __init__(self, ring: KeyRing, clock: Callable[[], datetime]) -> None:
        self._kid = ring.kid
        self._key = signing_key(ring)
        self._clock = clock

    def mint(self, grant: TicketGrant) -> str:
        """Return a fresh ticket for `grant`."""
        now = self._clock()
        claims = {
            "iss": ISSUER,
            "aud": grant.step.value,
            "source": grant.source,
            "user": grant.user,
            "project": grant.project_id,
            "deployment": grant.deployment_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self._kid})
