"""Passes a request to a function and streams its answer back."""

import asyncio
import logging
from collections.abc import Collection, Iterable

import aiohttp
from yarl import URL

from battleshiper.edge.hosts import FunctionHosts
from battleshiper.edge.local import page
from battleshiper.edge.local.asgi import Header, Receive, Scope, Send
from battleshiper.edge.local.body import RequestBody
from battleshiper.edge.local.connections import Connections
from battleshiper.edge.local.decision import Answer, Invoke
from battleshiper.platform.model.function import FunctionFailedError

# Between neighbours only (RFC 9110 7.6.1), and `expect`, which our server has already answered.
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade expect http2-settings".split()
)
_ROBOTS = b"x-robots-tag"
_UNWATCHED_SECONDS = 0.5

_log = logging.getLogger(__name__)


class Proxy:
    """Speaks HTTP to functions on behalf of clients."""

    def __init__(
        self,
        hosts: FunctionHosts,
        *,
        body_limit: int = 100 * 1024**2,
        answer_seconds: float = 30.0,
        idle_seconds: float = 120.0,
    ) -> None:
        """`answer_seconds` pass at most between the last byte of a request and the first of its answer,
        `idle_seconds` between two pieces of an answer."""
        self._hosts = hosts
        self._body_limit = body_limit
        self._answer_seconds = answer_seconds
        self._idle_seconds = idle_seconds
        self._connections = Connections()

    async def close(self) -> None:
        """Close every connection to functions."""
        await self._connections.close()

    async def invoke(self, scope: Scope, receive: Receive, send: Send, decision: Invoke, protocol: str) -> None:
        """Answer a request with what the function says, or with a page that says why not."""
        headers = [*_end_to_end(decision.headers), (b"x-forwarded-proto", protocol.encode())]
        lengths = [value for name, value in headers if name == b"content-length"]
        if any(int(length) > self._body_limit for length in lengths if length.isdigit()):
            await page.send_page(page.TOO_LARGE, scope["method"], send)
            return
        has_body = lengths not in ([], [b"0"]) or any(name == b"transfer-encoding" for name, _ in decision.headers)
        body = RequestBody(receive, self._body_limit, lambda: exchange.progress(self._answer_seconds))
        body.is_read = not has_body
        exchange = _Exchange(self._hosts, self._connections, scope, body, send, decision)
        await exchange.run(headers, self._answer_seconds, self._idle_seconds)


class _Exchange:
    """One request and its answer."""

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
        self._deadline = asyncio.timeout(None)
        self._time = asyncio.get_running_loop().time
        self._has_begun = False
        self._is_over = False

    def progress(self, seconds: float) -> None:
        """Something moved: there are so many seconds until the next thing has to."""
        if not self._is_over:
            self._deadline.reschedule(self._time() + seconds)

    async def run(self, headers: list[Header], answer_seconds: float, idle_seconds: float) -> None:
        leaving: asyncio.Task[None] | None = None

        def watch() -> None:
            nonlocal leaving
            leaving = asyncio.ensure_future(self._leave())

        # Most answers are there before it is worth the effort to watch for the client's leaving.
        watching = asyncio.get_running_loop().call_later(_UNWATCHED_SECONDS, watch)
        try:
            async with self._deadline:
                self.progress(answer_seconds)
                async with await self._ask(headers) as response:
                    await self._pass_on(response, idle_seconds)
        except TimeoutError:
            await self._give_up(page.FUNCTION_LATE, "did not answer in time")
        except FunctionFailedError as error:
            await self._give_up(page.FUNCTION_FAILED, f"failed: {error}")
        except (aiohttp.ClientError, OSError) as error:
            answer = page.TOO_LARGE if self._body.is_too_large else page.FUNCTION_FAILED
            await self._give_up(answer, f"broke off: {error!r}")
        finally:
            self._is_over = True
            watching.cancel()
            if leaving is not None:
                leaving.cancel()

    async def _leave(self) -> None:
        """Wait for the client to leave and let nobody work for it any more."""
        # The upload itself sees the client leave; this is for the time after it.
        while not self._body.is_read:  # noqa: ASYNC110 - an event would cost every request something, this almost none
            await asyncio.sleep(_UNWATCHED_SECONDS)
        await self._body.until_gone()
        self.progress(0)

    async def _ask(self, headers: list[Header]) -> aiohttp.ClientResponse:
        named = [(_text(name), _text(value)) for name, value in headers]
        try:
            return await self._request(named)
        except aiohttp.ClientConnectorError:
            # Nothing was sent. The process may have just ended: whoever hosts it gets a chance to see that.
            return await self._request(named)

    async def _request(self, headers: list[tuple[str, str]]) -> aiohttp.ClientResponse:
        socket = await self._hosts.socket(self._decision.function)
        return await self._connections.to(socket).request(
            self._scope["method"],
            _url(self._scope["raw_path"], self._scope["query_string"]),
            headers=headers,
            data=None if self._body.is_read else self._body.chunks(),
            allow_redirects=False,
        )

    async def _pass_on(self, response: aiohttp.ClientResponse, idle_seconds: float) -> None:
        headers = list(_end_to_end([(name.lower(), value) for name, value in response.raw_headers]))
        if self._decision.noindex:
            headers = [*(header for header in headers if header[0] != _ROBOTS), (_ROBOTS, b"noindex")]
        self._has_begun = True
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
        content, more = response.content, True
        while more:
            self.progress(idle_seconds)
            chunk = await content.readany()
            more = not content.at_eof()
            await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def _give_up(self, answer: Answer, why: str) -> None:
        if self._body.is_abandoned:
            return
        _log.warning("The function %s %s", self._decision.function, why)
        # Once an answer has begun, only a broken connection can say that it is not whole: our server breaks it
        # when we return without an end.
        if not self._has_begun:
            await page.send_page(answer, self._scope["method"], self._send)


def _end_to_end(headers: Collection[Header]) -> Iterable[Header]:
    dropped = _HOP_BY_HOP
    for name, value in headers:
        if name == b"connection":
            dropped = dropped.union(option.strip().lower() for option in value.split(b","))
    return (header for header in headers if header[0] not in dropped)


def _url(path: bytes, query: bytes) -> URL:
    return URL.build(
        scheme="http",
        host="function",
        path=path.decode("latin-1"),
        query_string=query.decode("latin-1"),
        encoded=True,
    )


def _text(value: bytes) -> str:
    """aiohttp writes UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
