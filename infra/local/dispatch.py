"""Sends each request to the platform or to the sites' edge, by its host."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatch:
    """An ASGI app in front of two. Whatever is one of the sites' domain's labels goes to the edge, also when there
    is no such site; everything else is for the platform. The edge is told when the server stops."""

    def __init__(self, platform: ASGIApp, edge: ASGIApp, sites_domain: str) -> None:
        self._platform = platform
        self._edge = edge
        self._suffix = f".{sites_domain}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_for_edge = scope["type"] == "lifespan" or (scope["type"] == "http" and self._is_site(scope))
        await (self._edge if is_for_edge else self._platform)(scope, receive, send)

    def _is_site(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        # A request with two hosts is for the edge to refuse: it must not reach the platform under either name.
        return len(hosts) != 1 or hosts[0].lower().partition(b":")[0].rstrip(b".").endswith(self._suffix)
