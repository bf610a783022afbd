"""Invokes sites' functions with requests that CloudFront cannot sign."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from battleshiper.edge.router.clients import LambdaClient, error_code
from battleshiper.edge.router.reply import (
    ANSWER_TOO_LARGE,
    BUSY,
    FUNCTION_FAILED,
    FUNCTION_LATE,
    LARGEST_REPLY_BYTES,
    REQUEST_TOO_LARGE,
    STARTING,
    Event,
    Reply,
)

Target = Callable[[str, str], Mapping[str, str]]
"""Names the function of a project's deployment, as `FunctionName` and `Qualifier`."""

_PASSED_ON = ("version", "rawPath", "rawQueryString", "cookies", "body", "isBase64Encoded")
_OURS = "x-battleshiper-"
# What `edge/bootstrap/event.mjs` reads. Above all, the router's secret is not among it.
_TOLD = frozenset({f"{_OURS}address", f"{_OURS}authorization", f"{_OURS}robots"})
_REFUSALS = {
    "TooManyRequestsException": BUSY,
    "EC2ThrottledException": BUSY,
    "RequestTooLargeException": REQUEST_TOO_LARGE,
    "RequestEntityTooLargeException": REQUEST_TOO_LARGE,
    "SerializedRequestEntityTooLargeException": REQUEST_TOO_LARGE,
    "ResourceConflictException": STARTING,
    "ResourceNotReadyException": STARTING,
}
"""What Lambda says instead of running the function
(https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html#API_InvokeWithResponseStream_Errors)."""
_LATE = re.compile(r"Task timed out after|Sandbox\.Timedout")
_TOO_LARGE = "Function.ResponseSizeTooLarge"

_log = logging.getLogger(__name__)


class _AnswerTooLargeError(Exception):
    pass


class Invocations:
    """Passes a request to a function, and its answer back."""

    def __init__(self, client: LambdaClient, target: Target) -> None:
        self._client = client
        self._target = target

    def invoke(self, deployment: str, event: Event) -> Reply:
        """Return what the function of `<project>/<deployment>` says about the request, or a page that says why not."""
        payload = json.dumps(event_for_function(event)).encode()
        try:
            answer = self._client.invoke_with_response_stream(
                **self._target(*deployment.split("/", 1)), InvocationType="RequestResponse", Payload=payload
            )
            text, failure = _read(answer["EventStream"])
        except _AnswerTooLargeError:
            return _told(deployment, ANSWER_TOO_LARGE, f"answered with more than {LARGEST_REPLY_BYTES} bytes")
        except self._client.exceptions.ClientError as error:
            return _told(deployment, _REFUSALS.get(error_code(error), FUNCTION_FAILED), str(error))
        reply = None if failure else _reply(text)
        return reply or _told(deployment, *_judge(failure, f"{failure} {text[:1000].decode(errors='replace')}"))


def event_for_function(event: Event) -> dict[str, Any]:
    """Return the event as the bootstrap takes it: marked as the router's, and without what is between CloudFront and
    the router."""
    headers = {name.lower(): value for name, value in event["headers"].items()}
    return {
        **{name: event[name] for name in _PASSED_ON if name in event},
        "headers": {name: value for name, value in headers.items() if name in _TOLD or not name.startswith(_OURS)},
        "requestContext": {"http": {"method": event["requestContext"]["http"]["method"]}},
        "buffered": True,
    }


def _read(stream: Iterable[Mapping[str, Any]]) -> tuple[bytes, str]:
    """Return what the function said, and the error that ended it or an empty text."""
    said, failure = bytearray(), ""
    for part in stream:
        said += part.get("PayloadChunk", {}).get("Payload", b"")
        if len(said) > LARGEST_REPLY_BYTES:
            raise _AnswerTooLargeError
        end = part.get("InvokeComplete", {})
        if end.get("ErrorCode"):
            failure = f"{end['ErrorCode']} {end.get('ErrorDetails', '')}"
    return bytes(said), failure


def _reply(text: bytes) -> Reply | None:
    try:
        reply = json.loads(text)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) and isinstance(reply.get("statusCode"), int) else None


def _judge(failure: str, said: str) -> tuple[Reply, str]:
    if _TOO_LARGE in failure:
        return ANSWER_TOO_LARGE, said
    return FUNCTION_LATE if _LATE.search(said) else FUNCTION_FAILED, said


def _told(deployment: str, page: Reply, why: str) -> Reply:
    _log.warning("The function of %s: %s", deployment, why)
    return page
