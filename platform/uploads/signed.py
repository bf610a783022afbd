"""Uploads to ourselves: a policy that we sign now and check when it comes back with a file."""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from urllib.parse import urlencode

from battleshiper.platform.model.instructions import UploadGrant
from battleshiper.platform.model.manifest import PathRefusedError, check_path


class UploadRefusedError(Exception):
    """An upload is not covered by its grant; the message says why."""


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """What a grant allows."""

    id: str
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


@dataclass(slots=True)
class _Allowance:
    """What is left of a grant."""

    id: str
    expires_at: datetime
    files: int
    bytes: int


class SignedUploads:
    """Grants and checks uploads with a secret key of its own (HMAC-SHA256 over the policy).

    Key and counts are in memory only: with this process end the runners that have grants, and so do the grants.
    """

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._key = secrets.token_bytes(32)
        self._url = url
        self._clock = clock
        self._lock = Lock()
        self._allowances: dict[str, _Allowance] = {}

    def grant(self, prefix: str, *, files: int, file_bytes: int, total_bytes: int, expires_at: datetime) -> UploadGrant:
        """Grant uploads; see `uploads.port`."""
        allowance = _Allowance(secrets.token_hex(8), expires_at, files, total_bytes)
        now = self._clock()
        with self._lock:
            self._allowances = {each: left for each, left in self._allowances.items() if left.expires_at > now}
            self._allowances[prefix] = allowance
        policy = json.dumps([allowance.id, prefix, file_bytes, int(expires_at.timestamp())]).encode()
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
            raise UploadRefusedError("the policy was not signed by this platform, or before it was started again")
        policy_id, prefix, file_bytes, expires = json.loads(raw)
        found = UploadPolicy(policy_id, prefix, file_bytes, datetime.fromtimestamp(expires, UTC))
        if found.expires_at <= self._clock():
            raise UploadRefusedError("the upload grant has expired")
        return found

    def count(self, policy: UploadPolicy, size: int) -> None:
        """Take a file of `size` bytes off what a checked policy allows; raises UploadRefusedError when that is more
        than is left, or another grant has taken its place. What was counted stays counted, also if it never comes."""
        with self._lock:
            allowance = self._allowances.get(policy.prefix)
            if allowance is None or allowance.id != policy.id:
                raise UploadRefusedError("a later grant has taken the place of this one")
            if allowance.files < 1 or allowance.bytes < size:
                raise UploadRefusedError("more was uploaded than a build may publish")
            allowance.files -= 1
            allowance.bytes -= size

    def _sign(self, policy: bytes) -> str:
        return hmac.new(self._key, policy, hashlib.sha256).hexdigest()
