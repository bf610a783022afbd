"""The platform's own address, where GitHub, build runners and the operator reach it: its distribution, over HTTP."""

import asyncio
from dataclasses import dataclass

from aws.cloudfront.distribution import Distribution
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from battleshiper.webhooks.ingress import PATH


@dataclass(frozen=True)
class Webhook:
    """A webhook as GitHub sent it."""

    headers: dict[str, str]
    body: bytes


class Front:
    """An ASGI app that gives requests to a distribution, which it has from when somebody sets it."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self.distribution: Distribution | None = None
        self.webhooks: list[Webhook] = []
        """Every webhook that came."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        assert self.distribution
        request = Request(scope, receive)
        headers, body = {name: value for name, value in request.headers.items() if name != "host"}, await request.body()
        if request.url.path == PATH:
            self.webhooks.append(Webhook(headers, body))
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        answer = await asyncio.to_thread(self.distribution.request, self._domain, target, request.method, headers, body)
        response = Response(answer.body, answer.status)
        response.raw_headers = [
            (name.encode(), value.encode()) for name, value in answer.headers if name != "content-encoding"
        ]
        response.raw_headers.append((b"content-length", str(len(answer.body)).encode()))
        await response(scope, receive, send)
