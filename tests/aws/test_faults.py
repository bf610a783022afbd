"""What goes wrong on AWS, and the state in which all ends all the same."""

import json
from collections.abc import Iterator
from threading import Lock
from typing import Any

import httpx
import pytest
from aws.platform import PlatformOnAws
from aws.trouble import Trouble, die, refuse
from aws.wire import Answer, Request
from e2e.harness import until

from battleshiper.webhooks.ingress import PATH

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]


@pytest.fixture(autouse=True)
def _untroubled(platform: PlatformOnAws) -> Iterator[None]:
    """What one test does to the wire ends with it."""
    yield
    platform.wire.trouble = lambda _: None


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
    assert platform.visit(name).body == f"<h1>{name}</h1>".encode()
    assert len(platform.deployments(sha)) == 1
    letters = platform.http.get("/api/v1/dead-letters").json()
    assert [each for each in letters if each["deployment"] == ended["id"]] == []


def test_functions_that_die_half_way(platform: PlatformOnAws) -> None:
    """Whatever a function was about to do when Lambda ended it is done by the next one that gets its message."""
    troubles = [
        Trouble(operation, die)
        for operation in (
            "batch.SubmitJob",
            "s3.CopyObject",
            "cloudfront-keyvaluestore.UpdateKeys",
            "s3.DeleteObjects",
            "dynamodb.TransactWriteItems",
        )
    ]
    shas = {name: push(platform, name) for name in ("dies", "dies-too")}
    # The webhook was answered: GitHub asks again by itself where it was not.
    until(lambda: all(platform.deployments(sha) for sha in shas.values()))
    platform.wire.trouble = lambda request: next((answer for trouble in troubles if (answer := trouble(request))), None)
    for name, sha in shas.items():
        check(platform, name, sha)
    assert [trouble.left for trouble in troubles] == [0] * len(troubles)


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("batch.SubmitJob", "TooManyRequestsException", 429),
        ("s3.CopyObject", "SlowDown", 503),
        ("dynamodb.TransactWriteItems", "ThrottlingException", 400),
        ("cloudfront-keyvaluestore.DescribeKeyValueStore", "InternalServerException", 500),
    ],
)
def test_throttled_calls(platform: PlatformOnAws, operation: str, code: str, status: int) -> None:
    """A service that has had enough for a moment, longer than clients try again, costs time and nothing else."""
    name = f"slow-{operation.rpartition('.')[2].lower()}"
    trouble = Trouble(operation, refuse(code, status), times=7)
    if operation.startswith("dynamodb."):
        # Where not even the webhook could be kept, GitHub is asked for it later.
        sha = push(platform, name)
        until(lambda: platform.deployments(sha))
        platform.wire.trouble = trouble
    else:
        platform.wire.trouble = trouble
        sha = push(platform, name)
    check(platform, name, sha)
    assert trouble.left == 0


def test_an_etag_conflict(platform: PlatformOnAws) -> None:
    """Somebody else writes routes between our look and our write; both are there afterwards."""
    routes = platform.emulator.client("cloudfront-keyvaluestore")
    store = platform.stack.outputs["KeyValueStore"]

    def write_too(_: Request) -> None:
        etag = routes.describe_key_value_store(KvsARN=store)["ETag"]
        routes.put_key(KvsARN=store, IfMatch=etag, Key="somebody", Value="else")

    trouble = platform.wire.trouble = Trouble("cloudfront-keyvaluestore.UpdateKeys", write_too, times=3)
    check(platform, "raced", push(platform, "raced"))
    assert trouble.left == 0
    assert routes.get_key(KvsARN=store, Key="somebody")["Value"] == "else"


def test_every_event_twice(platform: PlatformOnAws) -> None:
    """EventBridge delivers at least once: each event of ours, and each of Batch's, comes twice."""
    again, seen = Lock(), []

    def twice(request: Request) -> Answer | None:
        if request.operation == "events.PutEvents" and again.acquire(blocking=False):
            try:
                seen.append(platform.wire.carry(request))
            finally:
                again.release()
        return None

    platform.wire.trouble = twice
    platform.job_events_each = 2
    try:
        check(platform, "twice", push(platform, "twice"))
    finally:
        platform.job_events_each = 1
    assert seen


def test_reports_out_of_order(platform: PlatformOnAws) -> None:
    """The first events about a deployment come last: GitHub shows its end, and goes on showing it."""
    events = platform.emulator.client("events")
    held: list[dict[str, Any]] = []

    def hold(request: Request) -> Answer | None:
        if request.operation != "events.PutEvents":
            return None
        entries = json.loads(request.body)["Entries"]
        reports = [each for each in entries if each["DetailType"] == "battleshiper.deployment-changed"]
        if not reports or len(held) >= 2:
            return None
        held.extend(reports)
        if others := [each for each in entries if each not in reports]:
            events.put_events(Entries=others)
        told = {"FailedEntryCount": 0, "Entries": [{"EventId": "held"} for _ in entries]}
        return Answer(200, {"content-type": "application/x-amz-json-1.1"}, json.dumps(told).encode())

    platform.wire.trouble = hold
    sha = push(platform, "reordered")
    check(platform, "reordered", sha)
    assert len(held) >= 2
    platform.wire.trouble = lambda _: None
    for report in reversed(held):
        assert events.put_events(Entries=[report])["FailedEntryCount"] == 0
    until(lambda: platform.waiting() == 0, 60)
    platform.shown("reordered", sha, "success")


def test_a_redelivered_webhook(platform: PlatformOnAws) -> None:
    """GitHub sends the same delivery again: it is known, and nothing is built twice."""
    sha = push(platform, "again")
    check(platform, "again", sha)
    webhook = platform.front.webhooks[-1]
    again = httpx.post(f"{platform.url}{PATH}", headers=webhook.headers, content=webhook.body, timeout=60)
    assert again.status_code == 200
    check(platform, "again", sha)
