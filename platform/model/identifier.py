"""Identifiers of things we create. GitHub's things keep GitHub's numeric ids."""

import secrets
from hashlib import sha256

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_ALPHABET = f"{_LETTERS}23456789"  # no l, o, 0, 1: people read these aloud


def new_identifier(length: int = 10) -> str:
    """Return a random lowercase identifier, safe in a hostname label, a file name and an object key.

    Ten characters carry 49 bits: unique within a platform, but not a secret. The first is a letter, because AWS Lambda
    takes no alias of digits alone.
    """
    return _spell(secrets.token_bytes(length))


def identifier_of(text: str, length: int = 10) -> str:
    """Return the identifier, like a new one, of what `text` names: always the same."""
    return _spell(sha256(text.encode()).digest()[:length])


def _spell(chosen: bytes) -> str:
    # Thirty-two characters: five bits of each byte choose one of them, all equally often.
    rest = "".join([_ALPHABET[byte & 31] for byte in chosen[1:]])
    return _LETTERS[chosen[0] % len(_LETTERS)] + rest
