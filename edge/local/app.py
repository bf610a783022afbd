"""The local edge: an ASGI application that serves every site of this machine."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from battleshiper.edge.hosts import FunctionHosts
from battleshiper.edge.local import page
from battleshiper.edge.local.asgi import Header, Receive, Scope, Send
from battleshiper.edge.local.client import Client, Clients
from battleshiper.edge.local.decision import Answer, ServeObject
from battleshiper.edge.local.decisions import Decisions
from battleshiper.edge.local.engine import EdgeFunctionError
from battleshiper.edge.local.folder import Folder
from battleshiper.edge.local.library import Library
from battleshiper.edge.local.proxy import Proxy
from battleshiper.edge.local.static import StaticAnswers
from battleshiper.edge.local.way import Way, is_plain
from battleshiper.edge.source import viewer_request

# Set by CloudFront itself, so functions are not shown what a client sends
# (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html).
_NEVER_SHOWN = (b"x-forwarded-proto", b"x-real-ip")

_log = logging.getLogger(__name__)


class LocalEdge:
    """Does for the sites of one machine what CloudFront, S3, the router and Lambda do on AWS.

    Run the server without its own proxy headers (uvicorn: `proxy_headers=False`): the edge decides whom to believe.
    """

    def __init__(
        self,
        *,
        sites_domain: str,
        get: Callable[[str], str | None],
        objects: Path,
        functions: FunctionHosts,
        trusted_proxies: Iterable[str] = (),
    ) -> None:
        """`get` reads the route store and is called often, `objects` is the folder with `sites/…` in it,
        `trusted_proxies` are addresses or networks whose `X-Forwarded-For` and `-Proto` are believed.

        Raises ValueError for a domain or a network that is none.
        """
        self._decisions = Decisions(viewer_request(sites_domain), get)
        self._library = Library(Folder(objects))
        self._static = StaticAnswers(self._library)
        self._proxy = Proxy(functions)
        self._clients = Clients(trusted_proxies)

    async def close(self) -> None:
        """Close every connection to functions. Not needed where the server says so by `lifespan`."""
        await self._proxy.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        if scope["type"] != "http":
            await self._attend(scope, receive, send)
            return
        method: str = scope["method"]
        headers: list[Header] = scope["headers"]
        asked = dict(headers)
        hosts = [value for name, value in headers if name == b"host"]
        host = hosts[0] if len(hosts) == 1 else None
        known = None
        if host is not None and (method == "GET" or method == "HEAD"):
            known = self._decisions.recall(host, scope["raw_path"])
            if isinstance(known, ServeObject) and (file := self._library.kept(known.key)):
                await self._static.answer(file, known, method, asked, send)
                return
        client = self._clients.identify(scope["client"], scope["scheme"], headers)
        shown = [header for header in headers if header[0] not in _NEVER_SHOWN]
        if isinstance(known, Way) and is_plain(shown):
            await self._proxy.invoke(scope, receive, send, known.lead(shown, client.address), client.protocol)
            return
        await self._decide(scope, receive, send, host, asked, shown, client)

    async def _decide(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        host: bytes | None,
        asked: dict[bytes, bytes],
        shown: list[Header],
        client: Client,
    ) -> None:
        method = scope["method"]
        try:
            decision = self._decisions.decide(
                method, host, scope["raw_path"], scope["query_string"], shown, client.address
            )
        except EdgeFunctionError:
            _log.exception("The edge function failed at %s %r", method, scope["raw_path"])
            decision = page.EDGE_FAILED
        if isinstance(decision, ServeObject):
            file = await self._library.find(decision.key)
            if file is not None:
                await self._static.answer(file, decision, method, asked, send)
                return
            decision = page.MISSING_FILE
        if isinstance(decision, Answer):
            await page.send_page(decision, method, send)
        else:
            await self._proxy.invoke(scope, receive, send, decision, client.protocol)

    async def _attend(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
