"""Requests to functions: through CloudFront, or not at all."""

import asyncio
import base64
import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from battleshiper.edge.router.gate import Gate
from battleshiper.infra.aws.http import HttpFunction
from battleshiper.platform.secrets.port import SecretsError


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(
        {"body": (await request.body()).decode(), "query": str(request.url.query), "path": request.url.path}
    )


def request(method: str = "GET", path: str = "/echo", body: bytes = b"", **headers: str) -> dict:
    """Return an event as an HTTP API sends it, payload format 2.0
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html)."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "a=1",
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}, "stage": "$default"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


@pytest.fixture(autouse=True)
def _loop() -> Iterator[None]:
    """Mangum works on the thread's loop, and makes one that nobody closes where there is none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def function() -> HttpFunction:
    app = Starlette(routes=[Route("/echo", echo, methods=["GET", "POST"])])
    return HttpFunction(Gate(lambda: ("secret",)), lambda: app)


@pytest.mark.parametrize("headers", [{}, {"x_battleshiper_secret": "wrong"}, {"x_battleshiper_secret": ""}])
def test_around_cloudfront(function: HttpFunction, headers: dict[str, str]) -> None:
    """Who asks the API itself has not the secret, and gets 403 whatever is asked for."""
    for path in ("/echo", "/nothing"):
        assert function(request(path=path, **headers), None)["statusCode"] == 403


def test_through_cloudfront(function: HttpFunction) -> None:
    """The app sees the request as it was sent, its body to the byte."""
    reply = function(request("POST", body="ü\n".encode(), X_Battleshiper_Secret="secret"), None)
    assert reply["statusCode"] == 200
    assert json.loads(reply["body"]) == {"body": "ü\n", "query": "a=1", "path": "/echo"}


def test_without_headers(function: HttpFunction) -> None:
    """An event without any headers is refused like the others."""
    event = request()
    del event["headers"]
    assert function(event, None)["statusCode"] == 403


def test_without_a_secret_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    """Before its operator has entered it, everybody is asked to wait, and the log alone says for what."""

    def missing() -> Starlette:
        raise SecretsError("The secret github-private-key is empty.")

    reply = HttpFunction(Gate(lambda: ("secret",)), missing)(request(x_battleshiper_secret="secret"), None)
    assert (reply["statusCode"], reply["headers"]["retry-after"]) == (503, "60")
    assert "github-private-key" not in reply["body"]
    assert "github-private-key" in caplog.text
