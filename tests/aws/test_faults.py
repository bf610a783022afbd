"""What goes wrong on AWS, and the state in which all ends all the same."""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import pytest
from aws.front import call
from aws.functions import Call, Context
from aws.platform import PlatformOnAws
from botocore.awsrequest import AWSResponse
from e2e.harness import until

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]


class DeadFunctionError(BaseException):
    """Lambda has ended the function: no code of it runs any more."""


class Trouble:
    """Strikes at the first calls of an operation, `times` of them."""

    def __init__(self, operation: str, strike: Callable[[], Any], times: int = 1) -> None:
        self._operation = operation
        self._strike = strike
        self._lock = Lock()
        self.left = times

    def __call__(self, operation: str) -> Any:
        with self._lock:
            if operation != self._operation or not self.left:
                return None
            self.left -= 1
        return self._strike()


@pytest.fixture(autouse=True)
def _untroubled(platform: PlatformOnAws) -> Iterator[None]:
    """What one test does to the functions ends with it."""
    yield
    platform.functions.before = lambda _: None
    platform.functions.trouble = lambda _: None


def push(platform: PlatformOnAws, name: str) -> str:
    """Push a site of one page and return the commit."""
    checkout = platform.checkout(name)
    checkout.commit()
    return checkout.push()


def check(platform: PlatformOnAws, name: str, sha: str) -> None:
    """Check that the push ended as every push of that site does: one deployment, ready, shown, and no dead letter."""
    ended = platform.follow(sha)
    assert ended["state"] == "ready", (ended["reason"], platform.log(ended))
    platform.shown(name, sha, "success")
    assert platform.edge.request(name).body == f"<h1>{name}</h1>".encode()
    assert len(platform.deployments(sha)) == 1
    assert platform.http.get("/api/v1/dead-letters").json() == []


def die() -> None:
    raise DeadFunctionError


def refuse(code: str, status: int = 400) -> Callable[[], Any]:
    """Return what answers as a service that refuses, once the client has tried again often enough."""

    def answer() -> Any:
        error = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return AWSResponse("https://aws.test/", status, {}, None), error

    return answer


@pytest.mark.parametrize(
    "operation",
    ["batch.SubmitJob", "s3.CopyObject", "cloudfront-keyvaluestore.UpdateKeys", "s3.DeleteObjects"],
)
def test_a_function_that_dies_half_way(platform: PlatformOnAws, operation: str) -> None:
    """Whatever a function was about to do when Lambda ended it is done by the next one that gets its message."""
    name = f"dies-{operation.rpartition('.')[2].lower()}"
    trouble = platform.functions.trouble = Trouble(operation, die)
    check(platform, name, push(platform, name))
    assert trouble.left == 0


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("batch.SubmitJob", "TooManyRequestsException"),
        ("s3.CopyObject", "SlowDown"),
        ("dynamodb.TransactWriteItems", "ThrottlingException"),
        ("cloudfront-keyvaluestore.DescribeKeyValueStore", "InternalServerException"),
    ],
)
def test_throttled_calls(platform: PlatformOnAws, operation: str, code: str) -> None:
    """A service that has had enough for a moment costs time and nothing else."""
    name = f"slow-{operation.rpartition('.')[2].lower()}"
    trouble = Trouble(operation, refuse(code))

    checkout = platform.checkout(name)
    checkout.commit()
    platform.functions.before = lambda _: setattr(platform.functions, "trouble", trouble)
    check(platform, name, checkout.push())
    assert trouble.left == 0


def test_an_etag_conflict(platform: PlatformOnAws) -> None:
    """Somebody else writes routes between our look and our write; both are there afterwards."""
    cloud = platform.cloud

    def write_too() -> None:
        etag = cloud.routes.describe_key_value_store(KvsARN=cloud.store)["ETag"]
        cloud.routes.put_key(KvsARN=cloud.store, IfMatch=etag, Key="somebody", Value="else")

    trouble = platform.functions.trouble = Trouble("cloudfront-keyvaluestore.UpdateKeys", write_too, times=3)
    check(platform, "raced", push(platform, "raced"))
    assert trouble.left == 0
    assert cloud.routes.get_key(KvsARN=cloud.store, Key="somebody")["Value"] == "else"


def test_every_event_twice(platform: PlatformOnAws) -> None:
    """SQS and EventBridge deliver at least once: each message is handled twice over."""
    platform.functions.before = lambda each: platform.functions.handler(each.function)(each.event, Context())
    check(platform, "twice", push(platform, "twice"))


def test_reports_out_of_order(platform: PlatformOnAws) -> None:
    """The first events about a deployment come last: GitHub shows its end, and goes on showing it."""
    held: list[Call] = []

    def hold(each: Call) -> None:
        if each.function == "report" and len(held) < 2:
            held.append(Call(each.function, {"Records": list(each.event["Records"])}))
            each.event["Records"].clear()

    platform.functions.before = hold
    sha = push(platform, "reordered")
    check(platform, "reordered", sha)
    assert held
    for each in reversed(held):
        platform.functions.handler("report")(each.event, Context())
    platform.shown("reordered", sha, "success")


def test_a_redelivered_webhook(platform: PlatformOnAws) -> None:
    """GitHub sends the same delivery again: it is known, and nothing is built twice."""
    sha = push(platform, "again")
    check(platform, "again", sha)
    event = platform.front.webhooks[-1]
    assert call(platform.functions.handler("webhook"), event)["statusCode"] == 200
    check(platform, "again", sha)


def test_around_cloudfront(platform: PlatformOnAws) -> None:
    """The API and the router answer 403 to whom CloudFront has not sent."""
    push(platform, "around")
    until(lambda: platform.front.webhooks)
    event = {**platform.front.webhooks[-1]}
    event["headers"] = {name: value for name, value in event["headers"].items() if name != "x-battleshiper-secret"}
    for function in ("webhook", "web", "router"):
        assert call(platform.functions.handler(function), event)["statusCode"] == 403
