"""Reads a request's body, never more of it than is allowed."""

import asyncio

from starlette.types import Receive

from battleshiper.webhooks.headers import MAX_BODY_BYTES
from battleshiper.webhooks.refusal import MalformedError, SlowError, TooLargeError

_SECONDS = 10.0
"""GitHub itself gives up after ten seconds."""


async def read_body(receive: Receive) -> bytes | bytearray:
    """Return the whole body; raises TooLargeError as soon as it is too large, SlowError or MalformedError."""
    try:
        async with asyncio.timeout(_SECONDS):
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                return _bounded(message.get("body", b""))
            # One growing buffer: a list of pieces would cost far more than its bytes when they come one by one.
            body = bytearray()
            while message["type"] == "http.request":
                body += message.get("body", b"")
                _bounded(body)
                if not message.get("more_body"):
                    return body
                message = await receive()
    except TimeoutError:
        raise SlowError("The body did not arrive within ten seconds.") from None
    raise MalformedError("The connection ended before the body did.")


def _bounded(body: bytes | bytearray) -> bytes | bytearray:
    if len(body) > MAX_BODY_BYTES:
        raise TooLargeError(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")
    return body
