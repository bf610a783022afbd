"""Proof that whoever brings a code has asked for it (PKCE, RFC 7636). There is S256 alone, as at GitHub.

https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication
"""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import compare_digest

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(challenge: str, method: str) -> bool:
    """Tell whether a challenge can be met; so can none at all, which is empty."""
    if not challenge:
        return not method
    return method == "S256" and _CHALLENGE.fullmatch(challenge) is not None


def meets(challenge: str, verifier: str) -> bool:
    """Tell whether `verifier` meets the challenge. Where there was none, there must be no verifier either: somebody may
    have taken the challenge out on its way."""
    if not challenge or _VERIFIER.fullmatch(verifier) is None:
        return not challenge and not verifier
    found = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    return compare_digest(found, challenge.encode())
