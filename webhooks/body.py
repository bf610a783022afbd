"""A request's body, of which never more is kept than is allowed."""

import asyncio
import contextlib

from starlette.types import Receive

from battleshiper.webhooks.headers import MAX_BODY_BYTES
from battleshiper.webhooks.refusal import MalformedError, SlowError, TooLargeError

# GitHub itself gives up after ten seconds.
_READ_SECONDS = 10.0
_DISCARD_SECONDS = 2.0


class Body:
    """The body of one request."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def read(self) -> bytes | bytearray:
        """Return the whole of it; raises TooLargeError as soon as it is too large, SlowError or MalformedError."""
        try:
            async with asyncio.timeout(_READ_SECONDS):
                piece = await self._next()
                if self._ended:
                    return _bounded(piece)
                # One growing buffer: a list of pieces would cost far more than its bytes when they come one by one.
                body = bytearray(_bounded(piece))
                while not self._ended:
                    body += await self._next()
                    _bounded(body)
                return body
        except TimeoutError:
            raise SlowError(f"The body did not arrive within {_READ_SECONDS:.0f} seconds.") from None

    async def discard(self) -> None:
        """Let what is still to come pass by for a moment, so that its sender gets to read the answer."""
        with contextlib.suppress(TimeoutError, MalformedError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while not self._ended:
                    await self._next()

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] != "http.request":
            self._ended = True
            raise MalformedError("The connection ended before the body did.")
        self._ended = not message.get("more_body", False)
        piece: bytes = message.get("body", b"")
        return piece


def _bounded(body: bytes | bytearray) -> bytes | bytearray:
    if len(body) > MAX_BODY_BYTES:
        raise TooLargeError(f"The body must not be larger than {MAX_BODY_BYTES} bytes.")
    return body
