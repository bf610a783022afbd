"""One connection to a function, over which one request after the other is asked and answered."""

import asyncio
from collections.abc import Sequence

import httptools

from battleshiper.edge.local.asgi import Header

_HEAD_BYTES = 64 * 1024
_WAITING_BYTES = 256 * 1024
_FRAMED = frozenset((b"content-length", b"transfer-encoding"))


class UnreachableError(ConnectionError):
    """The function has not taken the request, which may be asked again."""


class BrokenAnswerError(ConnectionError):
    """The function sent what is no answer, or only a part of one."""


class Channel(asyncio.Protocol):
    """Speaks HTTP/1.1. `send` and `read` wait for the other end, so that nobody has to hold a whole body."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[Header] = []
        """With lowercase names."""
        self.is_over = False
        """The whole answer was received, though not all of it may be read."""
        self.idle_since = 0.0
        self._transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)
        self._error: OSError | None = None
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._head_bytes = 0
        self._has_head = self._is_paused = self._is_kept = self._is_bodyless = False
        self._may_repeat = False
        self._arrival: asyncio.Future[None] | None = None
        self._drain: asyncio.Future[None] | None = None

    @property
    def is_open(self) -> bool:
        """Nothing has gone wrong, and another request can be asked once this one is over."""
        return self._error is None

    @property
    def can_be_kept(self) -> bool:
        """The answer has ended as it should, and the function waits for another request."""
        return self.is_over and self._is_kept and self._error is None

    def ask(self, method: bytes, lines: Sequence[bytes], *, may_repeat: bool) -> None:
        """Begin a request: `lines` are its first line and its headers. With `may_repeat`, a function that closes the
        connection without a word makes an UnreachableError."""
        self.is_over = self._has_head = False
        self._is_bodyless = method == b"HEAD"
        self._may_repeat = may_repeat
        self._head_bytes = 0
        self.headers = []
        self._transport.write(b"\r\n".join((*lines, b"", b"")))

    async def send(self, piece: bytes) -> None:
        """Send a piece of the request's body, framed as its headers say."""
        if self._error is not None:
            raise self._error
        self._transport.write(piece)
        if self._drain is not None:
            await self._drain

    async def answered(self) -> None:
        """Wait for `status` and `headers`; raises OSError, such as UnreachableError."""
        while not self._has_head:
            await self._wait()

    async def read(self) -> bytes:
        """Return what there is of the answer's body; nothing when it `is_over`. Raises OSError."""
        while not self._chunks and not self.is_over:
            await self._wait()
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._waiting = 0
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()
        return data

    def fail(self, error: OSError) -> None:
        """Break off: whoever waits gets this error, unless there was one before."""
        self._error = self._error or error
        self._transport.abort()
        self._wake()

    def close(self) -> None:
        """Close the connection."""
        self.fail(ConnectionAbortedError("the connection was closed"))

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        self._arrival = asyncio.get_running_loop().create_future()
        try:
            await self._arrival
        finally:
            self._arrival = None

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
        if self._error is not None:
            self.resume_writing()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's is a Transport

    def connection_lost(self, error: Exception | None) -> None:
        if error is None and self._has_head and not self.is_over and not _FRAMED & dict(self.headers).keys():
            self.is_over = True
        if self._may_repeat and not self._head_bytes:
            self.fail(UnreachableError("the function had closed the connection"))
        self.fail(BrokenAnswerError("the function closed the connection"))

    def data_received(self, data: bytes) -> None:
        if self.is_over:
            self.fail(BrokenAnswerError("the function said more than it was asked"))
            return
        if not self._has_head:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.fail(BrokenAnswerError(f"the function does not speak HTTP: {error}"))
            return
        if not self._has_head and self._head_bytes > _HEAD_BYTES:
            self.fail(BrokenAnswerError("the function's headers are too long"))
        elif self._waiting > _WAITING_BYTES and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def pause_writing(self) -> None:
        self._drain = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        drain, self._drain = self._drain, None
        if drain is not None and not drain.done():
            drain.set_result(None)

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self.is_over:
            raise BrokenAnswerError("one request has two answers")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._has_head:  # others are trailers
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            self.headers.clear()  # on the way to the answer (RFC 9110 15.2)
            return
        if sum(len(name) + len(value) for name, value in self.headers) > _HEAD_BYTES:
            raise BrokenAnswerError("the function's headers are too long")
        self.status = status
        self._has_head = True
        # The parser expects the body that HEAD's headers describe, so it is of no use afterwards.
        self._is_kept = self._parser.should_keep_alive() and not self._is_bodyless
        self.is_over = self._is_bodyless

    def on_body(self, piece: bytes) -> None:
        if not self._is_bodyless:
            self._chunks.append(piece)
            self._waiting += len(piece)

    def on_message_complete(self) -> None:
        self.is_over = self._has_head
