"""The cookies that a browser keeps for us. Where the platform is reached by https they are bound to its host by their
name (`__Host-`, https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix)."""

from starlette.requests import Request
from starlette.responses import Response


class Cookie:
    """One cookie. No script reads it, and other sites' forms do not send it."""

    def __init__(self, name: str, lifetime_seconds: int, *, secure: bool) -> None:
        self._name = f"__Host-{name}" if secure else f"battleshiper-{name}"
        self._lifetime_seconds = lifetime_seconds
        self._secure = secure

    def read(self, request: Request) -> str:
        """Return what the browser sent, nothing if it sent none."""
        return request.cookies.get(self._name, "")

    def write(self, answer: Response, value: str) -> None:
        """Let the browser keep a value."""
        # Lax, not strict: it must come along when GitHub leads back.
        answer.set_cookie(self._name, value, self._lifetime_seconds, secure=self._secure, httponly=True, samesite="lax")

    def clear(self, answer: Response) -> None:
        """Let the browser forget it."""
        answer.delete_cookie(self._name, secure=self._secure, httponly=True, samesite="lax")
