"""The guard: keeps web pages of other origins away from a server that trusts whoever reaches it."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SAFE = ("GET", "HEAD", "OPTIONS")
_FOR_ALL = re.compile(r"(/organizations/[^/]+)?/settings/apps/new")
"""Where any site may post a manifest to: nothing is made of it until somebody confirms it on our own page."""
_PROTECTION = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:;"
        b" form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"same-origin"),  # with no-referrer, browsers hide the origin of our own forms too
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """Answers 403 to requests that a foreign page makes a browser send.

    A request must name a host of ours (which a rebound DNS name is not), and what changes something must not come
    from another origin. Git and API clients send no `Origin` and pass.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._origin = _origin(base_url)
        self._hosts = {*_LOOPBACK, urlsplit(base_url).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        reason = self._refuse(str(scope["method"]), str(scope["path"]), headers)
        if reason:
            await PlainTextResponse(f"{reason}\n", 403)(scope, receive, send)
            return

        async def protect(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_PROTECTION]  # type: ignore[misc]
            await send(message)

        await self._app(scope, receive, protect)  # type: ignore[arg-type]

    def _refuse(self, method: str, path: str, headers: Headers) -> str:
        host = headers.get("host", "")
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            name = None
        if name not in self._hosts:
            return f"The stand-in is not called {host!r}."
        if method == "POST" and _FOR_ALL.fullmatch(path):
            return ""
        origin = headers.get("origin")
        same = headers.get("sec-fetch-site") in (None, "same-origin", "none")
        if method not in _SAFE and not (same and origin in (None, self._origin, f"http://{host}")):
            return "The stand-in takes no requests from other sites."
        return ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
