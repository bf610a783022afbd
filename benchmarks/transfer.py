"""`transfer_1000`: seconds to publish 1,000 files within S3 when each call takes 20 ms, by us and one file after
another. On both sides every file's size and sha256 are checked and what was checked is what is copied.

The SDK is the real one; only its connections are not: they sleep and answer what S3 would.
"""

import hashlib
import io
import time
from base64 import b64encode
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from battleshiper.infra.aws.clients import COPIES_AT_ONCE
from battleshiper.platform.objects.port import Copy
from battleshiper.platform.objects.s3 import S3Objects
from benchmarks.figure import Figure

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

_FILES = 1000
_CALL_SECONDS = 0.02
_BODY = b"hello"
_SHA256 = hashlib.sha256(_BODY)
_CHECKSUM = b64encode(_SHA256.digest()).decode()
_ETAG = '"5d41402abc4b2a76b9719d911017c592"'
_COPIED = f"<CopyObjectResult><ETag>{_ETAG}</ETag><ChecksumSHA256>{_CHECKSUM}</ChecksumSHA256></CopyObjectResult>"
_COPIES = [
    Copy(f"builds/p/d/client/{number}", f"sites/p/d/client/{number}", len(_BODY), _SHA256.hexdigest(), "text/plain")
    for number in range(_FILES)
]


def measure_transfer() -> Figure:
    """Measure both once; a second of each is enough to even out what a busy machine does."""
    objects = S3Objects(_client(COPIES_AT_ONCE), builds_bucket="builds-bucket", sites_bucket="sites-bucket")
    objects.copy(_COPIES[:COPIES_AT_ONCE])  # every connection and every cache of the SDK
    start = perf_counter()
    objects.copy(_COPIES)
    ours = perf_counter() - start
    client = _client(1)
    start = perf_counter()
    for copy in _COPIES:
        _copy(client, copy)
    return Figure("transfer_1000", ours, perf_counter() - start, "s")


def _copy(client: "S3Client", copy: Copy) -> None:
    """Check and copy one file, as the SDK's examples do."""
    found = client.head_object(Bucket="builds-bucket", Key=copy.source, ChecksumMode="ENABLED")
    if found["ContentLength"] != copy.bytes or found["ChecksumSHA256"] != _CHECKSUM:
        raise AssertionError(copy.source)
    client.copy_object(
        Bucket="sites-bucket",
        Key=copy.target,
        CopySource={"Bucket": "builds-bucket", "Key": copy.source},
        CopySourceIfMatch=found["ETag"],
        MetadataDirective="REPLACE",
        ContentType=copy.content_type,
    )


def _client(connections: int) -> "S3Client":
    client = boto3.client(
        "s3",
        region_name="eu-central-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",  # noqa: S106 - there is nobody to show it to
        config=Config(max_pool_connections=connections),
    )
    client.meta.events.register("before-send.s3", _answer)  # type: ignore[arg-type]  # the stubs know of no answers
    return client


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    time.sleep(_CALL_SECONDS)
    headers, body = {"content-type": "application/xml"}, ""
    if request.method == "HEAD":
        headers = {"content-length": str(len(_BODY)), "etag": _ETAG, "x-amz-checksum-sha256": _CHECKSUM}
    elif request.method == "PUT":
        body = _COPIED
    elif "list-type=2" in urlsplit(str(request.url)).query:
        body = _listing()
    return AWSResponse(str(request.url), 200, headers, _Raw(body.encode()))  # type: ignore[arg-type]  # all it reads


def _listing() -> str:
    each = "<Contents><Key>{}</Key><ETag>{}</ETag><Size>{}</Size></Contents>"
    found = "".join(each.format(copy.source, _ETAG, copy.bytes) for copy in _COPIES)
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
