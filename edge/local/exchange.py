"""One request on its way to a function, and its answer on the way back."""

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path

from battleshiper.edge.hosts import FunctionHosts
from battleshiper.edge.local import page
from battleshiper.edge.local.asgi import Header, Scope, Send
from battleshiper.edge.local.body import RequestBody
from battleshiper.edge.local.channel import Channel, UnreachableError
from battleshiper.edge.local.connections import Connections
from battleshiper.edge.local.decision import Answer, Invoke
from battleshiper.platform.model.function import FunctionFailedError

# Between neighbours only (RFC 9110 7.6.1), and `expect`, which our server has already answered.
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade expect http2-settings".split()
)
# Our server says the date of every answer itself.
_DATE = b"date"
_ROBOTS = b"x-robots-tag"
_UNWATCHED_SECONDS = 0.5

_log = logging.getLogger(__name__)


class Exchange:
    """Runs once. `progress` may be called from its beginning to its end."""

    def __init__(
        self,
        hosts: FunctionHosts,
        connections: Connections,
        scope: Scope,
        body: RequestBody,
        send: Send,
        decision: Invoke,
    ) -> None:
        self._hosts = hosts
        self._connections = connections
        self._scope = scope
        self._body = body
        self._send = send
        self._decision = decision
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._deadline = 0.0
        self._socket: Path
        self._channel: Channel | None = None
        self._upload: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._has_begun = False

    def progress(self, seconds: float) -> None:
        """Something moved: there are so many seconds until the next thing has to."""
        self._deadline = self._loop.time() + seconds

    async def run(self, headers: list[Header], answer_seconds: float, idle_seconds: float) -> None:
        """Answer a request with these headers, or send a page that says why not; see `Proxy` for the seconds."""
        self.progress(answer_seconds)
        # Most answers are there before it is worth the effort to watch the time, or for the client's leaving.
        self._glance = self._loop.call_later(_UNWATCHED_SECONDS, self._watch)
        try:
            async with self._timeout:
                try:
                    await self._pass_on(await self._ask(headers), idle_seconds)
                finally:
                    self._stop_watching()
        except TimeoutError:
            await self._give_up(page.FUNCTION_LATE, "did not answer in time")
        except FunctionFailedError as error:
            await self._give_up(page.FUNCTION_FAILED, f"failed: {error}")
        except OSError as error:
            answer = page.TOO_LARGE if self._body.is_too_large else page.FUNCTION_FAILED
            await self._give_up(answer, f"broke off: {error!r}")
        finally:
            self._let_go()

    def _watch(self) -> None:
        remaining = self._deadline - self._loop.time()
        if remaining <= 0:
            self._timeout.reschedule(self._deadline)
            return
        if self._leaving is None:
            self._leaving = asyncio.ensure_future(self._leave())
        self._glance = self._loop.call_later(min(remaining, _UNWATCHED_SECONDS), self._watch)

    def _stop_watching(self) -> None:
        self._glance.cancel()
        if self._leaving is not None:
            self._leaving.cancel()

    async def _leave(self) -> None:
        """Wait for the client to leave and let nobody work for it any more."""
        # The upload itself sees the client leave; this is for the time after it.
        while not self._body.is_read:  # noqa: ASYNC110 - an event would cost every request something, this almost none
            await asyncio.sleep(_UNWATCHED_SECONDS)
        await self._body.until_gone()
        self._timeout.reschedule(self._loop.time())

    async def _ask(self, headers: list[Header]) -> Channel:
        self._socket = await self._hosts.socket(self._decision.function)
        kept = self._connections.kept(self._socket)
        # A kept connection may be closed just now. What changes something is not asked twice even so, and a body that
        # is being read cannot be sent again.
        may_repeat = kept is not None and self._body.is_read and self._scope["method"] in ("GET", "HEAD")
        try:
            return await self._request(kept or await self._connections.new(self._socket), headers, may_repeat)
        except UnreachableError:
            # The process may have just ended: whoever hosts it gets a chance to see that.
            self._socket = await self._hosts.socket(self._decision.function)
            return await self._request(await self._connections.new(self._socket), headers, may_repeat=False)

    async def _request(self, channel: Channel, headers: list[Header], may_repeat: bool) -> Channel:
        self._channel = channel
        method = self._scope["method"].encode()
        path, query = self._scope["raw_path"], self._scope["query_string"]
        target = b"%b?%b" % (path, query) if query else path
        first = b"%b %b HTTP/1.1" % (method, target)
        lines = [b"%b: %b" % header for header in headers]
        if self._body.is_read:
            channel.ask(method, (first, *lines), may_repeat=may_repeat)
        else:
            is_chunked = all(name != b"content-length" for name, _ in headers)
            if is_chunked:
                lines.append(b"transfer-encoding: chunked")
            channel.ask(method, (first, *lines), may_repeat=False)
            self._upload = asyncio.ensure_future(self._send_body(channel, is_chunked))
        await channel.answered()
        return channel

    async def _send_body(self, channel: Channel, is_chunked: bool) -> None:
        try:
            async for piece in self._body.chunks():
                await channel.send(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
            if is_chunked:
                await channel.send(b"0\r\n\r\n")
        except OSError as error:
            channel.fail(error)

    async def _pass_on(self, channel: Channel, idle_seconds: float) -> None:
        headers = [header for header in end_to_end(channel.headers) if header[0] != _DATE]
        if self._decision.noindex:
            headers = [*(header for header in headers if header[0] != _ROBOTS), (_ROBOTS, b"noindex")]
        self._has_begun = True
        await self._send({"type": "http.response.start", "status": channel.status, "headers": headers})
        more = True
        while more:
            self.progress(idle_seconds)
            chunk = await channel.read()
            more = not channel.is_over
            await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    def _let_go(self) -> None:
        is_sent = self._upload is None or self._upload.done()
        if self._upload is not None:
            self._upload.cancel()
        if self._channel is None:
            return
        if is_sent and self._channel.can_be_kept:
            self._connections.keep(self._socket, self._channel)
        else:
            self._channel.close()

    async def _give_up(self, answer: Answer, why: str) -> None:
        if self._body.is_abandoned:
            return
        _log.warning("The function %s %s", self._decision.function, why)
        # Once an answer has begun, only a broken connection can say that it is not whole: our server breaks it
        # when we return without an end.
        if not self._has_begun:
            await page.send_page(answer, self._scope["method"], self._send)


def end_to_end(headers: Collection[Header]) -> list[Header]:
    """Return what is not only between neighbours. Nobody can have us drop what the edge itself says."""
    dropped = _HOP_BY_HOP
    for name, value in headers:
        if name == b"connection":
            options = (option.strip().lower() for option in value.split(b","))
            dropped = dropped.union(option for option in options if not option.startswith(b"x-forwarded-"))
    return [header for header in headers if header[0] not in dropped]
