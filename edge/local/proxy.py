"""Passes a request to a function and streams its answer back."""

from battleshiper.edge.hosts import FunctionHosts
from battleshiper.edge.local import page
from battleshiper.edge.local.asgi import Receive, Scope, Send
from battleshiper.edge.local.body import RequestBody
from battleshiper.edge.local.connections import Connections
from battleshiper.edge.local.decision import Invoke
from battleshiper.edge.local.exchange import Exchange, end_to_end


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
        """About `answer_seconds` pass at most between the last byte of a request and the first of its answer,
        `idle_seconds` between two pieces of an answer."""
        self._hosts = hosts
        self._body_limit = body_limit
        self._answer_seconds = answer_seconds
        self._idle_seconds = idle_seconds
        self._connections = Connections()

    async def close(self) -> None:
        """Close every connection to functions."""
        self._connections.close()

    async def invoke(self, scope: Scope, receive: Receive, send: Send, decision: Invoke, protocol: str) -> None:
        """Answer a request with what the function says, or with a page that says why not."""
        headers = [*end_to_end(decision.headers), (b"x-forwarded-proto", protocol.encode())]
        lengths = [value for name, value in headers if name == b"content-length"]
        if any(int(length) > self._body_limit for length in lengths if length.isdigit()):
            await page.send_page(page.TOO_LARGE, scope["method"], send)
            return
        has_body = lengths not in ([], [b"0"]) or any(name == b"transfer-encoding" for name, _ in decision.headers)
        body = RequestBody(receive, self._body_limit, lambda: exchange.progress(self._answer_seconds))
        body.is_read = not has_body
        exchange = Exchange(self._hosts, self._connections, scope, body, send, decision)
        await exchange.run(headers, self._answer_seconds, self._idle_seconds)
