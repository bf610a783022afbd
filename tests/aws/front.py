"""What is in front of the functions that answer requests: CloudFront with its secret, and an HTTP API."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from aws.functions import Context
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.webhooks.ingress import PATH

Handler = Callable[[Any, Any], Mapping[str, Any]]


class Front:
    """An ASGI app that gives requests to handlers as events of payload format 2.0, one at a time for each function."""

    def __init__(self, handler: Callable[[str], Handler], secret: str) -> None:
        self._handler = handler
        self._secret = secret
        self.webhooks: list[dict[str, Any]] = []
        """The events of every webhook, as they came."""
        self._locks = {name: asyncio.Lock() for name in ("webhook", "web")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        name = "webhook" if request.url.path == PATH and request.method == "POST" else "web"
        event = event_of(
            request.method,
            request.url.path,
            request.url.query,
            {**dict(request.headers), ORIGIN_HEADER: self._secret},
            await request.body(),
        )
        if name == "webhook":
            self.webhooks.append(event)
        # An environment takes one request at a time.
        async with self._locks[name]:
            reply = await asyncio.to_thread(call, self._handler(name), event)
        await response_of(reply)(scope, receive, send)


def call(handler: Handler, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Call a handler in a thread that has no event loop yet, as Lambda's has none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return handler(event, Context())
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def event_of(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return a request as an event."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers),
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}},
        "body": b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def response_of(reply: Mapping[str, Any]) -> Response:
    """Return a handler's reply as a response."""
    body = reply.get("body") or ""
    content = b64decode(body) if reply.get("isBase64Encoded") else body.encode()
    response = Response(content, reply["statusCode"], reply.get("headers") or {})
    for cookie in reply.get("cookies") or ():
        response.headers.append("set-cookie", cookie)
    return response
