"""Passes a request to a function and streams its answer back."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

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
        exchange = _Exchange(self, scope, receive, send, decision, headers)
        exchange.has_body = lengths not in ([], [b"0"]) or any(n == b"transfer-encoding" for n, _ in decision.headers)
        await exchange.run()


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, proxy: Proxy, scope: Scope, receive: Receive, send: Send, decision: Invoke, headers: list[Header]
    ) -> None:
        self._proxy = proxy
        self._scope = scope
        self._send = send
        self._decision = decision
        self._headers = [(_text(name), _text(value)) for name, value in headers]
        self._deadline: asyncio.Timeout | None = None
        self._body = RequestBody(receive, proxy._body_limit, self._progress)
        self._has_begun = False
        self.has_body = False

    async def run(self) -> None:
        if not self.has_body:
            self._body.skip()
        work = asyncio.ensure_future(self._work())
        leaving = asyncio.ensure_future(self._body.until_gone())
        try:
            await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not work.done():
                work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    async def _work(self) -> None:
        try:
            async with asyncio.timeout(self._proxy._answer_seconds) as self._deadline:
                response = await self._ask()
            self._deadline = None
            async with response:
                await self._pass_on(response)
        except TimeoutError:
            await self._give_up(page.FUNCTION_LATE, "did not answer in time")
        except FunctionFailedError as error:
            await self._give_up(page.FUNCTION_FAILED, f"failed: {error}")
        except (aiohttp.ClientError, OSError) as error:
            if self._body.is_too_large:
                await self._give_up(page.TOO_LARGE, "was sent too much")
            else:
                await self._give_up(page.FUNCTION_FAILED, f"broke off: {error!r}")

    async def _ask(self) -> aiohttp.ClientResponse:
        reference = self._decision.function
        socket = await self._proxy._hosts.socket(reference)
        try:
            return await self._request(socket)
        except aiohttp.ClientConnectorError:
            # Nothing was sent. The process may have just ended: whoever hosts it gets a chance to see that.
            return await self._request(await self._proxy._hosts.socket(reference))

    async def _request(self, socket: Any) -> aiohttp.ClientResponse:
        query = self._scope["query_string"]
        target = self._scope["raw_path"] + (b"?" + query if query else b"")
        return await self._proxy._connections.to(socket).request(
            self._scope["method"],
            _url(target.decode("latin-1")),
            headers=self._headers,
            data=self._body.chunks() if self.has_body else None,
            allow_redirects=False,
        )

    async def _pass_on(self, response: aiohttp.ClientResponse) -> None:
        headers = list(_end_to_end((name.lower(), value) for name, value in response.raw_headers))
        if self._decision.noindex:
            headers = [*(header for header in headers if header[0] != _ROBOTS), (_ROBOTS, b"noindex")]
        self._has_begun = True
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
        while True:
            async with asyncio.timeout(self._proxy._idle_seconds):
                chunk = await response.content.readany()
            more = not response.content.at_eof()
            await self._send({"type": "http.response.body", "body": chunk, "more_body": more})
            if not more:
                return

    async def _give_up(self, answer: Answer, why: str) -> None:
        _log.warning("The function %s %s", self._decision.function, why)
        # Once an answer has begun, only a broken connection can say that it is not whole: our server breaks it
        # when we return without an end.
        if not self._has_begun:
            await page.send_page(answer, self._scope["method"], self._send)

    def _progress(self) -> None:
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._proxy._answer_seconds)


def _end_to_end(headers: Iterable[Header]) -> Iterable[Header]:
    given = list(headers)
    named = {option.strip().lower() for name, value in given if name == b"connection" for option in value.split(b",")}
    return (header for header in given if header[0] not in _HOP_BY_HOP and header[0] not in named)


def _url(target: str) -> URL:
    path, mark, query = target.partition("?")
    return URL.build(scheme="http", host="function", path=path, query_string=query if mark else "", encoded=True)


def _text(value: bytes) -> str:
    """aiohttp writes UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
