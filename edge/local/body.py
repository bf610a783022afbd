"""A request's body on its way to a function: streamed, bounded, and watched for the client's leaving."""

from collections.abc import AsyncIterator, Callable

from battleshiper.edge.local.asgi import Receive


class RequestBody:
    """Reads an ASGI request's messages: `chunks` to its end, and then only `until_gone`."""

    def __init__(self, receive: Receive, limit: int, on_progress: Callable[[], None]) -> None:
        """`on_progress` is called with each piece that arrives."""
        self._receive = receive
        self._limit = limit
        self._on_progress = on_progress
        self.is_read = False
        self.is_too_large = False
        """The client sent more than `limit` bytes, and `chunks` ended early."""
        self.is_abandoned = False
        """The client has left."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body; raises ConnectionError when it cannot be had whole."""
        total = 0
        while not self.is_read:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.is_abandoned = True
                raise ConnectionAbortedError("the client left")
            chunk: bytes = message.get("body", b"")
            total += len(chunk)
            if total > self._limit:
                self.is_too_large = True
                raise ConnectionAbortedError("the body is too large")
            self._on_progress()
            self.is_read = not message.get("more_body", False)
            if chunk:
                yield chunk

    async def until_gone(self) -> None:
        """Return when the client has left. Takes messages that `chunks` would want, so not before its end."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_abandoned = True
