"""S3's side of a presigned post: the emulators take any, so this one holds posts to their policies.

The rules: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html (every field but a few
must be in a condition, every condition must hold) and
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html (the signature).
"""

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from email.message import Message

import httpx

_FREE = {"file", "policy", "x-amz-signature"}


class PostRefusedError(Exception):
    """S3 would answer with this status."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class PostObject:
    """Takes posts to one bucket, signed with one secret, and gives what it took to `store(key, body, type)`."""

    def __init__(
        self, bucket: str, secret: str, store: Callable[[str, bytes, str], None], clock: Callable[[], datetime]
    ) -> None:
        self._bucket = bucket
        self._secret = secret
        self._store = store
        self._clock = clock

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a post as S3 does."""
        try:
            fields, name, body = _form(request.headers["content-type"], request.read())
            fields["key"] = fields["key"].replace("${filename}", name)
            self._judge(fields, body)
        except PostRefusedError as error:
            return httpx.Response(error.status, text=str(error))
        self._store(fields["key"], body, fields["content-type"])
        return httpx.Response(int(fields.get("success_action_status", 204)))

    def _judge(self, fields: dict[str, str], body: bytes) -> None:
        scope = fields.get("x-amz-credential", "////").split("/", 1)[1]
        if not hmac.compare_digest(self._signature(scope, fields["policy"]), fields["x-amz-signature"]):
            raise PostRefusedError(403, "SignatureDoesNotMatch")
        policy = json.loads(b64decode(fields["policy"]))
        if datetime.fromisoformat(policy["expiration"]) <= self._clock():
            raise PostRefusedError(403, "AccessDenied: Policy expired.")
        given = {**fields, "bucket": self._bucket}
        covered = set(_FREE)
        for condition in policy["conditions"]:
            covered.add(_hold(condition, given, len(body)))
        if extra := sorted(set(fields) - covered):
            raise PostRefusedError(403, f"AccessDenied: Extra input fields: {extra}")
        if fields.get("x-amz-checksum-algorithm") == "SHA256":
            digest = b64encode(hashlib.sha256(body).digest()).decode()
            if fields.get("x-amz-checksum-sha256") != digest:
                raise PostRefusedError(400, "BadDigest")

    def _signature(self, scope: str, policy: str) -> str:
        key = f"AWS4{self._secret}".encode()
        for part in (*scope.split("/"), policy):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


def _hold(condition: dict[str, str] | list, given: dict[str, str], size: int) -> str:
    """Return the name of the field that a condition is about; raises PostRefusedError unless it holds."""
    if isinstance(condition, dict):
        ((name, value),) = condition.items()
        condition = ["eq", f"${name}", value]
    kind, subject, value = condition
    if kind == "content-length-range":
        if not subject <= size <= value:
            raise PostRefusedError(400, "EntityTooLarge" if size > value else "EntityTooSmall")
        return ""
    name = subject.removeprefix("$").lower()
    found = given.get(name)
    if found is None or not (found == value if kind == "eq" else found.startswith(value)):
        raise PostRefusedError(403, f"AccessDenied: Policy Condition failed: {condition}")
    return name


def _form(content_type: str, raw: bytes) -> tuple[dict[str, str], str, bytes]:
    """Return the fields of a form, the name of its file and the file. Nothing behind the file counts."""
    boundary = re.search(r"boundary=([^;]+)", content_type)[1].encode()
    fields: dict[str, str] = {}
    for part in raw.split(b"--" + boundary)[1:-1]:
        head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        body = body.removesuffix(b"\r\n")
        message = Message()
        message["content-disposition"] = re.search(rb"(?i)content-disposition: (.*)", head)[1].decode()
        name = message.get_param("name", header="content-disposition").lower()
        if name == "file":
            return fields, message.get_filename(), body
        fields[name] = body.decode()
    raise PostRefusedError(400, "MalformedPOSTRequest")
