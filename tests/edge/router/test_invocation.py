"""Requests on their way to a function, and answers on the way back."""

import json
import logging
from typing import Any

import pytest

from battleshiper.edge.router.handler import Handler

from .conftest import SECRETS, FakeLambda, event_of


def test_function_of_the_deployment_gets_the_request(handle: Handler, functions: FakeLambda) -> None:
    """The function that the edge function named sees method, path, query, cookies and body as they came."""
    handle(event_of("/a%20b/%C3%A9", "PUT", "aGk=", content_type="image/png"), None)
    assert functions.invoked == [("site-shop", "d1")]
    event = functions.events[0]
    assert event["rawPath"] == "/a%20b/%C3%A9"
    assert event["rawQueryString"] == "q=%2F"
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["body"] == "aGk="
    assert event["isBase64Encoded"] is False
    assert event["requestContext"] == {"http": {"method": "PUT"}}
    assert event["buffered"] is True


def test_function_learns_nothing_of_the_router(handle: Handler, functions: FakeLambda) -> None:
    """Above all not the secret, with which a tenant could speak to the router in CloudFront's name."""
    handle(event_of(X_Battleshiper_Other="x", x_battleshiper_authorization="Bearer mine"), None)
    event = functions.events[0]
    assert not any(secret in json.dumps(event) for secret in SECRETS)
    assert {name for name in event["headers"] if name.startswith("x-battleshiper-")} == {
        "x-battleshiper-address",
        "x-battleshiper-authorization",
    }
    assert event["headers"]["x-forwarded-host"] == "shop.example.com"


def test_answer_comes_back_as_it_is(handle: Handler, functions: FakeLambda) -> None:
    """Status, headers, several cookies and bytes in base64 are not touched, however many pieces they come in."""
    answer = {
        "statusCode": 206,
        "headers": {"content-range": "bytes 0-9/10", "etag": '"x"'},
        "cookies": ["a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"],
        "body": "AAEC" * 200_000,
        "isBase64Encoded": True,
    }
    functions.function = lambda event: answer
    assert handle(event_of(), None) == answer


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        ("TooManyRequestsException", 429),
        ("EC2ThrottledException", 429),
        ("RequestTooLargeException", 413),
        ("RequestEntityTooLargeException", 413),
        ("ResourceConflictException", 503),
        ("ResourceNotReadyException", 503),
        ("ResourceNotFoundException", 502),
        ("AccessDeniedException", 502),
    ],
)
def test_refusal_of_lambda_is_told_plainly(
    handle: Handler, functions: FakeLambda, caplog: pytest.LogCaptureFixture, refusal: str, status: int
) -> None:
    """The visitor learns what is wrong and the log why; nobody keeps the page."""
    functions.refusal = refusal
    with caplog.at_level(logging.WARNING):
        reply = handle(event_of(), None)
    assert reply["statusCode"] == status
    assert reply["headers"]["cache-control"] == "no-store"
    assert refusal not in reply["body"]
    assert refusal in caplog.text
    assert "shop/d1" in caplog.text


@pytest.mark.parametrize(
    ("code", "details", "status"),
    [
        ("Unhandled", '{"errorType":"Error","errorMessage":"the secret reason"}', 502),
        ("Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: killed", 502),
        ("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 30.00 seconds", 504),
        ("Unhandled", '{"errorMessage":"2026-11-24T09:00:00.000Z 1 Task timed out after 30.00 seconds"}', 504),
        ("Unhandled", '{"errorMessage":"connection to the database timed out"}', 502),
        ("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size", 502),
    ],
)
def test_end_of_a_function_is_told_plainly(
    handle: Handler, functions: FakeLambda, caplog: pytest.LogCaptureFixture, code: str, details: str, status: int
) -> None:
    """A crash is a 502 and a timeout a 504; what the function said last is for the log."""
    functions.end = {"ErrorCode": code, "ErrorDetails": details}
    with caplog.at_level(logging.WARNING):
        reply = handle(event_of(), None)
    assert reply["statusCode"] == status
    assert details not in reply["body"]
    assert details in caplog.text


def test_answer_that_lambda_would_not_take_is_a_502(handle: Handler, functions: FakeLambda) -> None:
    """An answer above Lambda's limit is given up on, in words."""
    functions.function = lambda event: b"x" * 7_000_000
    reply = handle(event_of(), None)
    assert reply["statusCode"] == 502
    assert "more than can be passed on" in reply["body"]


@pytest.mark.parametrize("said", [b"", b"hello", [1], {"body": "x"}, {"statusCode": "200"}, None])
def test_what_is_no_answer_is_a_502(handle: Handler, functions: FakeLambda, said: Any) -> None:
    """A function that returns anything else does not confuse the router."""
    functions.function = lambda event: said
    assert handle(event_of(), None)["statusCode"] == 502


def test_timeout_may_be_told_in_the_payload_alone(handle: Handler, functions: FakeLambda) -> None:
    """It is a 504 also where the stream ends without an error code."""
    functions.function = lambda event: {"errorMessage": "Task timed out after 5.00 seconds"}
    assert handle(event_of(), None)["statusCode"] == 504


def test_mistake_of_ours_is_a_500_with_a_page(
    handle: Handler, functions: FakeLambda, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody thought of is told in words, too."""

    def fail(event: dict[str, Any]) -> None:
        raise ConnectionError("the network is gone")

    functions.function = fail
    reply = handle(event_of(), None)
    assert reply["statusCode"] == 500
    assert "the network is gone" not in reply["body"]
    assert "the network is gone" in caplog.text


def test_request_that_says_nothing_is_answered(handle: Handler, functions: FakeLambda) -> None:
    """Without a word of the edge function there is nothing to do."""
    assert handle(event_of(x_battleshiper_deployment=""), None)["statusCode"] == 404
    assert functions.invoked == []
