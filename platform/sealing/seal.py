"""Sealing: texts that are kept encrypted, so that neither the database nor a copy of it tells them.

AES-GCM with 256 bits and a random nonce of 96 for each text (NIST SP 800-38D), the key by HKDF (RFC 5869) from a secret
of any form. What a text belongs to is authenticated with it, so that nobody can move it elsewhere.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from battleshiper.platform.secrets.port import SecretsError

SEAL_KEY = "variables-key"
"""The name under which the key is kept."""
_KEY_BYTES = 32
_PURPOSE = b"battleshiper variables"
_NONCE_BYTES = 12


class SealBrokenError(SecretsError):
    """What was sealed cannot be opened, now or later."""

    def __init__(self, context: str) -> None:
        super().__init__(
            f"What is kept for {context} cannot be opened: the key {SEAL_KEY} is not the one that it was sealed with. "
            "Bring that key back, or set the variable again."
        )


class Seal:
    """Seals and opens texts. `read_key` returns the secret, random text of 32 characters or more; it is asked each
    time, and may raise SecretsError."""

    def __init__(self, read_key: Callable[[], str]) -> None:
        self._read_key = read_key

    def seal(self, text: str, context: str) -> str:
        """Return a text sealed for `context`; raises SecretsError."""
        nonce = os.urandom(_NONCE_BYTES)
        return b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), context.encode())).decode()

    def open(self, sealed: str, context: str) -> str:
        """Return the text that was sealed for `context`; raises SealBrokenError when it was not, or with another key,
        and SecretsError when that cannot be read."""
        try:
            raw = b64decode(sealed, validate=True)
            return self._cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(context) from error

    def _cipher(self) -> AESGCM:
        key = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(self._read_key().encode())
        return AESGCM(key)
