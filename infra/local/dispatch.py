"""Sends each request to the platform or to the sites' edge, by its host."""

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_MISDIRECTED = 421
"""RFC 9110 15.5.20."""


class Dispatch:
    """An ASGI app in front of two. Whatever is one of the sites' domain's labels goes to the edge, also when there
    is no such site. The platform answers to `names`, `localhost` and addresses, and to no other name: one that
    somebody else points to this machine would let their page read ours (DNS rebinding). The edge is told when the
    server stops."""

    def __init__(self, platform: ASGIApp, edge: ASGIApp, sites_domain: str, names: Iterable[str]) -> None:
        self._platform = platform
        self._edge = edge
        self._suffix = f".{sites_domain}"
        self._names = frozenset({"localhost", *names})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self._choose(scope)(scope, receive, send)

    def _choose(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return self._edge if scope["type"] == "lifespan" else self._platform
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return self._edge  # to be refused there: it must not reach the platform under either name
        name = _name(hosts[0].decode("latin-1"))
        if name.endswith(self._suffix):
            return self._edge
        if name in self._names or _is_address(name):
            return self._platform
        return PlainTextResponse("This is not the address of Battleshiper: see BATTLESHIPER_BASE_URL.\n", _MISDIRECTED)


def _name(host: str) -> str:
    host = host.lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
