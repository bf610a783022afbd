"""Identifiers of things we create. GitHub's things keep GitHub's numeric ids."""

import secrets

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_ALPHABET = f"{_LETTERS}23456789"  # no l, o, 0, 1: people read these aloud


def new_identifier(length: int = 10) -> str:
    """Return a random lowercase identifier, safe in a hostname label, a file name and an object key.

    Ten characters carry 49 bits: unique within a platform, but not a secret. The first is a letter, because AWS Lambda
    takes no alias of digits alone.
    """
    # Thirty-two characters: five bits of each byte choose one of them, all equally often.
    rest = "".join([_ALPHABET[byte & 31] for byte in secrets.token_bytes(length - 1)])
    return secrets.choice(_LETTERS) + rest
