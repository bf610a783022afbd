"""The checksum of what was copied, which S3 tells and the emulator does not
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from aws.emulator import Emulator
from aws.wire import Answer, Request

_END = b"</CopyObjectResult>"


class Checksums:
    """Completes answers to copies."""

    def __init__(self, emulator: Emulator) -> None:
        self._s3 = emulator.client("s3")

    def __call__(self, request: Request, answer: Answer) -> Answer:
        """Return the answer, with the checksum if it is one to a copy."""
        if request.operation != "s3.CopyObject" or _END not in answer.body:
            return answer
        bucket, _, key = urlsplit(request.url).path[1:].partition("/")
        copied = self._s3.get_object(Bucket=bucket, Key=unquote(key))["Body"].read()
        told = b"<ChecksumSHA256>%s</ChecksumSHA256>" % b64encode(sha256(copied).digest())
        return replace(answer, body=answer.body.replace(_END, told + _END))
