"""The signature of a delivery: HMAC-SHA256 (RFC 2104) over the raw body, keyed with the webhook's secret.

Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

import hmac
import re

from battleshiper.webhooks.refusal import SignatureRefusedError

_FORM = re.compile(rb"sha256=([0-9a-f]{64})")


class SecretMissingError(ValueError):
    """There is no webhook secret, and without one anybody could send deliveries."""


class Signatures:
    """Checks signatures against every secret in use: one, or the old and the new one while it is being changed."""

    def __init__(self, secrets: tuple[str | bytes, ...]) -> None:
        # An environment variable that is not UTF-8 reaches us as text with escaped bytes, which this brings back.
        self._keys = tuple(s.encode(errors="surrogateescape") if isinstance(s, str) else s for s in secrets)
        if not self._keys or not all(key.strip() for key in self._keys):
            raise SecretMissingError(
                "The GitHub webhook secret is empty. Set BATTLESHIPER_GITHUB_WEBHOOK_SECRET to the secret from the "
                "App's settings; without it nobody could tell GitHub's deliveries from anybody else's."
            )

    def verify(self, header: bytes, body: bytes | bytearray) -> None:
        """Raise SignatureRefusedError unless `header` (X-Hub-Signature-256) signs `body` with one of the secrets.

        Takes as long for a wrong signature as for a right one.
        """
        form = _FORM.fullmatch(header)
        if form is None:
            raise SignatureRefusedError("X-Hub-Signature-256 is not `sha256=` and 64 lowercase hex digits.")
        given = form[1]
        matches = [hmac.compare_digest(given, _digest(key, body)) for key in self._keys]
        if True not in matches:
            raise SignatureRefusedError(
                "The signature does not match. Compare the App's webhook secret on GitHub with the platform's."
            )


def _digest(key: bytes, body: bytes | bytearray) -> bytes:
    return hmac.digest(key, body, "sha256").hex().encode()
