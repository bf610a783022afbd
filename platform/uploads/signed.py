"""Uploads to ourselves: a policy that we sign now and check when it comes back with a file."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from battleshiper.platform.model.instructions import UploadGrant
from battleshiper.platform.model.manifest import PathRefusedError, check_path


class UploadRefusedError(Exception):
    """An upload is not covered by its grant; the message says why."""


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """What a grant allows."""

    prefix: str
    file_bytes: int
    expires_at: datetime

    def check(self, key: str) -> None:
        """Raise UploadRefusedError unless `key` may be written."""
        if not key.startswith(self.prefix):
            raise UploadRefusedError(f"the key must start with {self.prefix!r}")
        try:
            check_path(key.removeprefix(self.prefix))
        except PathRefusedError as error:
            raise UploadRefusedError(str(error)) from error


class SignedUploads:
    """Grants and checks uploads with one secret key (HMAC-SHA256 over the policy)."""

    def __init__(self, key: bytes, url: str, clock: Callable[[], datetime]) -> None:
        if len(key) < 32:
            raise ValueError("the upload key must have at least 32 bytes")
        self._key = key
        self._url = url
        self._clock = clock

    def grant(self, prefix: str, *, file_bytes: int, expires_at: datetime) -> UploadGrant:
        """Grant uploads; see `uploads.port`."""
        policy = json.dumps([prefix, file_bytes, int(expires_at.timestamp())]).encode()
        # In the address and not among the fields, so that it can be checked before a byte of the body is read.
        query = urlencode({"policy": urlsafe_b64encode(policy).decode(), "signature": self._sign(policy)})
        return UploadGrant(url=f"{self._url}?{query}", fields={}, prefix=prefix)

    def check(self, policy: str, signature: str) -> UploadPolicy:
        """Return the policy if it is ours and still good; raises UploadRefusedError."""
        try:
            raw = urlsafe_b64decode(policy.encode())
        except ValueError as error:
            raise UploadRefusedError("the policy is not base64") from error
        if not hmac.compare_digest(self._sign(raw).encode(), signature.encode()):
            raise UploadRefusedError("the policy was not signed by this platform")
        prefix, file_bytes, expires = json.loads(raw)
        found = UploadPolicy(prefix, file_bytes, datetime.fromtimestamp(expires, UTC))
        if found.expires_at <= self._clock():
            raise UploadRefusedError("the upload grant has expired")
        return found

    def _sign(self, policy: bytes) -> str:
        return hmac.new(self._key, policy, hashlib.sha256).hexdigest()
