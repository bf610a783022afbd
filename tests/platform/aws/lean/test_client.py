"""Calls, and what may come of them."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from battleshiper.platform.aws.lean import client as module
from battleshiper.platform.aws.lean.client import Identity, LeanClient
from battleshiper.platform.aws.lean.connections import Connections
from battleshiper.platform.aws.lean.service import SERVICES
from battleshiper.platform.aws.lean.signature import Credentials

REFUSED = b'{"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": "No."}'


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that were made."""
    return []


@pytest.fixture
def open_client(pauses) -> Iterator[Callable[[str], LeanClient]]:
    """Makes clients that wait for half a second, and pause for none."""
    made = []

    def make(url: str) -> LeanClient:
        identity = Identity("eu-central-1", lambda: Credentials("AKIATEST", "secret"))
        client = LeanClient(SERVICES["dynamodb"], identity, Connections(urlsplit(url), 1, 0.5), 3, pause=pauses.append)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(server, open_client) -> LeanClient:
    """A client of the server."""
    return open_client(server.url)


@pytest.fixture
def theirs(server) -> Iterator[Any]:
    """AWS's own client of the server, which does not try again."""
    client = boto3.client(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url=server.url,
        aws_access_key_id="AKIATEST",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def test_botocore_asks_the_same(server, client, theirs) -> None:
    """The request is the same, but for what only AWS's statistics want to know; bytes are told as text."""
    for each in (client, theirs):
        each.put_item(TableName="t", Item={"pk": {"S": "ü"}, "data": {"B": b"\x00\xff"}})
    ours, other = server.requests
    assert json.loads(ours.body) == json.loads(other.body)
    for name in ("x-amz-target", "content-type", "host"):
        assert ours.headers[name] == other.headers[name]
    assert ours.path == other.path == "/"
    assert ours.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIATEST/")


def test_an_answer_is_read_as_botocore_reads_it(server, reply, client, theirs) -> None:
    """Bytes are bytes again, and null is nothing."""
    item = {"data": {"B": "AP8="}, "B": {"S": "text"}, "count": {"N": "1"}, "off": {"BOOL": False}}
    server.replies = [reply(body=json.dumps({"Item": item, "ConsumedCapacity": None}).encode())]
    answer = client.get_item(TableName="t", Key={})
    assert answer == {"Item": {**item, "data": {"B": b"\x00\xff"}}}
    assert answer == {name: value for name, value in theirs.get_item(TableName="t", Key={}).items() if name == "Item"}


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (400, {}, REFUSED),
        (400, {}, b'{"__type": "AccessDeniedException", "Message": "No."}'),
        (413, {}, b"<html>"),
        (400, {"x-amzn-RequestId": "1"}, b'{"__type": "TransactionCanceledException", "message": "No.", '
         b'"CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "m"}]}'),
    ],
)  # fmt: skip
def test_a_refusal_is_the_same_error(server, reply, client, theirs, status, headers, body) -> None:
    """What the store looks at in an error of AWS's own library is in ours."""
    server.replies = [reply(status, body, headers)]
    caught = []
    for each in (client, theirs):
        with pytest.raises(ClientError) as refused:
            each.transact_write_items(TransactItems=[{"Delete": {"TableName": "t", "Key": {}}}])
        caught.append(refused.value)
    ours, other = caught
    assert ours.operation_name == other.operation_name
    assert ours.response["Error"] == other.response["Error"]
    assert ours.response.get("CancellationReasons") == other.response.get("CancellationReasons")


def test_a_refusal_in_no_words_of_aws(server, reply, client) -> None:
    """Whatever is between us and AWS may answer, too."""
    server.replies = [reply(400, b"[]")]
    with pytest.raises(ClientError, match="400"):
        client.get_item(TableName="t", Key={})


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 503, "body": b"busy"},
        {"status": 400, "body": b'{"__type": "x#ThrottlingException"}'},
        {"status": 400, "body": b'{"__type": "ProvisionedThroughputExceededException"}'},
        {"status": 0},
    ],
)
def test_what_passes_is_tried_again(server, reply, client, pauses, trouble) -> None:
    """Three attempts are three, and each is signed anew but says the same."""
    server.replies = [reply(**trouble), reply(**trouble), reply()]
    assert client.put_item(TableName="t", Item={}) == {}
    assert len({request.body for request in server.requests}) == 1
    assert len(server.requests) == 3
    assert 0 <= pauses[0] < 1
    assert 0 <= pauses[1] < 2


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 0}])
def test_it_does_not_go_on_for_ever(server, reply, client, pauses, trouble) -> None:
    """What does not pass is given up, with the last error."""
    server.replies = [reply(**trouble)]
    with pytest.raises((ClientError, BotoCoreError)):
        client.get_item(TableName="t", Key={})
    assert (len(server.requests), len(pauses)) == (3, 2)


def test_what_is_refused_for_good_is_not_tried_again(server, reply, client, pauses) -> None:
    """It would only be refused again."""
    server.replies = [reply(400, REFUSED)]
    with pytest.raises(ClientError, match="ValidationException"):
        client.get_item(TableName="t", Key={})
    assert (len(server.requests), pauses) == (1, [])


def test_the_same_errors_pass_as_for_botocore() -> None:
    """But for those of services that are not asked."""
    theirs = {*ThrottledRetryableChecker._THROTTLED_ERROR_CODES, *TransientRetryableChecker._TRANSIENT_ERROR_CODES}
    assert theirs - {"BandwidthLimitExceeded", "EC2ThrottledException"} == module._PASSING


def test_an_answer_that_does_not_come(server, reply, client) -> None:
    """Half a second is what this client has."""

    def late():
        time.sleep(1)
        return reply()

    server.replies = [late]
    before = time.monotonic()
    with pytest.raises(ReadTimeoutError):
        client.get_item(TableName="t", Key={})
    assert 1.4 < time.monotonic() - before < 4


def test_nobody_there(open_client, pauses) -> None:
    """A place that takes no connection is one that cannot be reached, after all attempts."""
    with pytest.raises(EndpointConnectionError, match=r"127\.0\.0\.1:1"):
        open_client("http://127.0.0.1:1").get_item(TableName="t", Key={})
    assert len(pauses) == 2


def test_a_connection_is_used_again(server, client) -> None:
    """One after the other, requests share one."""
    for _ in range(3):
        client.get_item(TableName="t", Key={})
    assert len({request.client for request in server.requests}) == 1


def test_a_connection_that_was_closed_meanwhile(server, reply, client, pauses) -> None:
    """It is noticed before anything is sent, so no attempt is lost."""
    server.replies = [reply(hangs_up=True), reply()]
    client.get_item(TableName="t", Key={})
    time.sleep(0.2)
    client.get_item(TableName="t", Key={})
    assert len({request.client for request in server.requests}) == 2
    assert pauses == []


def test_many_at_once(server, reply, client) -> None:
    """Each has a connection of its own for as long, and all get their own answers."""

    def slow():
        time.sleep(0.1)
        return reply()

    server.replies = [slow]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get_item(TableName="t", Key={}), range(8)))
    assert answers == [{}] * 8
    assert len({request.client for request in server.requests}) == 8
