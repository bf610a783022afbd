"""Secrets are masked in whatever form they usually leak."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORTEST = 4
"""Shorter values would black out half the log and are no secrets."""


class Mask:
    """Replaces secrets in text: as they are, in JSON, URL-encoded, in base64 (also inside a longer text) and in hex.

    A secret of several lines is masked line by line, because the log is.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            for line in {secret.strip(), *(line.strip() for line in secret.splitlines())}:
                if len(line) >= _SHORTEST:
                    forms |= _forms(line)
        # The longest first: a secret that begins with another one is masked whole.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None
        self.longest = max(map(len, forms), default=0)
        """Characters of the longest form."""

    def apply(self, text: str) -> str:
        """Return `text` with every secret replaced."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {secret, json.dumps(secret)[1:-1], quote(raw, safe=""), quote(raw), quote_plus(raw)}
    forms |= {raw.hex(), raw.hex().upper()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            # Of the characters at either end some bits belong to the neighbours of the secret: leave those away.
            encoded = encode(b"\0" * offset + raw).decode().rstrip("=")
            start = (0, 2, 3)[offset]
            end = len(encoded) if (offset + len(raw)) % 3 == 0 else len(encoded) - 1
            if end - start >= 2 * _SHORTEST:
                forms.add(encoded[start:end])
    return forms
