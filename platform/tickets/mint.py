"""The mint: signs tickets. Only what holds the private key can build one."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime

from battleshiper.platform.tickets.keys import LIFETIME, KeyRing, signing_key
from battleshiper.platform.tickets.ticket import TicketGrant

ISSUER = "battleshiper"
ALGORITHM = "EdDSA"
_LIFETIME_SECONDS = int(LIFETIME.total_seconds())


class Mint:
    """Signs tickets as JWTs (RFC 7519) with Ed25519 (RFC 8037).

    It puts them together by itself: the header is always the same, and a push must not wait for it to be made again.
    """

    def __init__(self, ring: KeyRing, clock: Callable[[], datetime]) -> None:
        self._header = _part({"alg": ALGORITHM, "kid": ring.kid, "typ": "JWT"})
        self._sign = signing_key(ring).sign
        self._clock = clock

    def mint(self, grant: TicketGrant) -> str:
        """Return a fresh ticket for `grant`."""
        now = int(self._clock().timestamp())
        claims: dict[str, str | int] = {
            "iss": ISSUER,
            "aud": grant.step.value,
            "source": grant.source,
            "user": grant.user,
            "project": grant.project_id,
            "deployment": grant.deployment_id,
            "iat": now,
            "exp": now + _LIFETIME_SECONDS,
            "jti": secrets.token_hex(16),
        }
        signed = self._header + b"." + _part(claims)
        return (signed + b"." + _base64url(self._sign(signed))).decode()


def _part(content: dict[str, str | int]) -> bytes:
    return _base64url(json.dumps(content, separators=(",", ":")).encode())


def _base64url(value: bytes) -> bytes:
    # Without padding: RFC 7515 2.
    return urlsafe_b64encode(value).rstrip(b"=")
