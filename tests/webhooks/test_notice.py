"""What else is asked where webhooks are taken."""

import asyncio
from typing import Any

import pytest

from battleshiper.webhooks.ingress import PATH, Webhooks, missing


@pytest.mark.parametrize(("method", "path", "status"), [("GET", PATH, 405), ("GET", "/", 404), ("POST", "/x", 404)])
def test_what_is_no_webhook_gets_a_word(method: str, path: str, status: int) -> None:
    """A person who looks sees what is there; nothing of the request is read, nor of the store."""
    app = Webhooks(("secret",), None, None, None, None).before(missing)  # type: ignore[arg-type]
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({"type": "http", "method": method, "path": path}, None, send))  # type: ignore[arg-type]
    start, body = sent
    headers = dict(start["headers"])
    assert start["status"] == status
    assert headers[b"content-length"] == str(len(body["body"])).encode()
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"
    assert headers.get(b"allow") == (b"POST" if status == 405 else None)
    assert body["body"].endswith(b".\n")
