"""Digests: what is kept of a secret that must be known again, but not told."""

import hashlib
import secrets


def digest(secret: str) -> str:
    """Return the SHA-256 of `secret` in hex."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def fits(secret: str, kept: str) -> bool:
    """Tell whether the digest that was `kept` is that of `secret`; an empty one is nobody's."""
    return bool(kept) and secrets.compare_digest(digest(secret), kept)
