"""A notice: an ASGI application that says one thing to everybody."""

from starlette.types import Receive, Scope, Send


class Notice:
    """Answers with a line of text. Starlette's responses do the same, and bring what it takes to send files."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        self._body = f"{text}\n".encode()
        told = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(self._body)), **headers}
        self._start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's arguments
        """Answer, whatever is asked."""
        await send(self._start)
        await send({"type": "http.response.body", "body": self._body})
