"""S3 in memory: moto, and what moto leaves out of CopyObject."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import botocore_stubber

from battleshiper.platform.objects.s3 import S3Objects

BUILDS_BUCKET = "battleshiper-builds"
SITES_BUCKET = "battleshiper-sites"
REGION = "eu-central-1"


@contextmanager
def s3_client(connections: int = 16) -> Iterator:
    """Yield a client of an empty S3 with both buckets."""
    with mock_aws():
        client = boto3.client(
            "s3",
            region_name=REGION,
            aws_access_key_id="AKIATEST",
            aws_secret_access_key="secret",
            config=Config(max_pool_connections=connections),
        )
        for bucket in (BUILDS_BUCKET, SITES_BUCKET):
            client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        Conditions(client).install()
        one_at_a_time(client)
        yield client


@contextmanager
def s3_objects() -> Iterator[S3Objects]:
    """Yield objects in an empty S3."""
    with s3_client() as client:
        yield S3Objects(client, builds_bucket=BUILDS_BUCKET, sites_bucket=SITES_BUCKET, pause=lambda _: None)


def one_at_a_time(*clients) -> None:
    """Let moto see one request of some clients after another: two at once for one object take each other's files
    away."""
    turn = Lock()

    def send(request, event_name, **_):
        with turn:
            return botocore_stubber(event_name=event_name, request=request)

    for client in clients:
        client.meta.events.unregister("before-send", botocore_stubber)
        client.meta.events.register("before-send", send)


class Conditions:
    """Refuses copies whose conditions do not hold, as S3 does and moto does not
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)."""

    def __init__(self, client) -> None:
        self._client = client

    def install(self) -> None:
        """Look at every copy that the client makes."""
        self._client.meta.events.register("provide-client-params.s3.CopyObject", self._remember)
        self._client.meta.events.register("before-call.s3.CopyObject", self._judge)

    def _remember(self, params, context, **_) -> None:
        context["asked"] = dict(params)

    def _judge(self, context, **_):
        asked = context["asked"]
        source = asked["CopySource"]
        etag = self._etag(source["Bucket"], source["Key"])
        if etag is None:
            return None  # moto says that it is missing
        if asked.get("CopySourceIfMatch", etag) != etag:
            return _refusal("x-amz-copy-source-If-Match")
        if asked.get("IfNoneMatch") == "*" and self._etag(asked["Bucket"], asked["Key"]) is not None:
            return _refusal("If-None-Match")
        return None

    def _etag(self, bucket: str, key: str) -> str | None:
        try:
            return self._client.head_object(Bucket=bucket, Key=key)["ETag"]
        except ClientError:
            return None


def _refusal(condition: str):
    error = {
        "Code": "PreconditionFailed",
        "Message": "At least one of the pre-conditions you specified did not hold",
        "Condition": condition,
    }
    answer = AWSResponse("https://s3.test/", 412, {}, None)
    return answer, {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 412}}
