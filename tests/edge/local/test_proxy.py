"""Functions, asked through the edge."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from aiohttp import web

from .conftest import Handler, RunningEdge, World, echo

Run = Callable[[Handler], None]


@pytest.fixture(autouse=True)
def _site(world: World) -> None:
    world.publish("app", {"client/logo.svg": b"<svg/>", "prerendered/about.html": b"about"}, function="fn")


def told(answer: httpx.Response) -> dict[str, Any]:
    """Return what the function saw."""
    assert answer.status_code == 200
    seen: dict[str, Any] = answer.json()
    seen["headers"] = dict(seen["headers"])
    return seen


def test_what_is_no_file_is_asked_of_the_function(edge: RunningEdge, run_function: Run) -> None:
    """Files are served without the function, everything else reaches it as it was asked."""
    run_function(echo)
    assert edge.get("app", "/logo.svg").content == b"<svg/>"
    assert edge.get("app", "/about").content == b"about"
    for target in ("/files/report.v1.pdf", "/a%2Fb?x=%20&y=1+2&x", "//double//", "/%252f", "/logo.svg/", "/a;b=c:@!$'"):
        raw = edge.raw_get(target.encode(), b"host: app.localhost")
        seen = json.loads(raw.partition(b"\r\n\r\n")[2])
        assert (seen["method"], seen["target"]) == ("GET", target)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_reach_the_function_with_their_body(edge: RunningEdge, run_function: Run, method: str) -> None:
    """Any bytes arrive, also at the address of a prerendered page, which may have a form."""
    run_function(echo)
    body = bytes(range(256)) * 300
    seen = told(edge.request(method, "app", "/about", content=body, headers={"content-type": "x/y"}))
    assert (seen["method"], seen["target"]) == (method, "/about")
    assert bytes.fromhex(seen["body"]) == body
    assert seen["headers"]["content-length"] == str(len(body))
    assert seen["headers"]["content-type"] == "x/y"


def test_chunked_bodies(edge: RunningEdge, run_function: Run) -> None:
    """A body without a known length is streamed on."""
    run_function(echo)
    seen = told(edge.request("POST", "app", "/x", content=(piece for piece in (b"one", b"two"))))
    assert bytes.fromhex(seen["body"]) == b"onetwo"


def test_function_learns_who_asks_and_how(edge: RunningEdge, run_function: Run) -> None:
    """Address, host and protocol come from us, whatever the client claims."""
    run_function(echo)
    claimed = {
        "x-forwarded-for": "6.6.6.6",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-port": "1",
        "x-real-ip": "6.6.6.6",
        "forwarded": "for=6.6.6.6",
        "x-battleshiper-function": "other",
        "x-battleshiper-status": "500",
        "x-battleshiper-anything": "x",
        "authorization": "Bearer mine",
        "cookie": "a=1",
        "connection": "x-forwarded-for, x-forwarded-host, x-forwarded-proto",
    }
    for method in ("GET", "POST"):
        headers = told(edge.request(method, "app", "/x", headers=claimed))["headers"]
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-host"] == "app.localhost:8787"
        assert headers["x-forwarded-proto"] == "http"
        assert headers["host"] == "app.localhost:8787"
        assert headers["authorization"] == "Bearer mine"
        assert headers["cookie"] == "a=1"
        assert not {"x-forwarded-port", "x-real-ip", "forwarded"} & headers.keys()
        assert not [name for name in headers if name.startswith("x-battleshiper-")]


def test_claims_made_twice_are_not_believed_either(edge: RunningEdge, run_function: Run) -> None:
    """A second header does not slip through beside a first one that is true."""
    run_function(echo)
    raw = edge.raw_get(
        b"/x",
        b"host: app.localhost",
        b"x-forwarded-for: 127.0.0.1",
        b"x-forwarded-for: 6.6.6.6",
        b"x-forwarded-host: app.localhost",
        b"X-Forwarded-Host: evil.example",
    )
    seen = json.loads(raw.partition(b"\r\n\r\n")[2])["headers"]
    assert [value for name, value in seen if name == "x-forwarded-for"] == ["127.0.0.1"]
    assert [value for name, value in seen if name == "x-forwarded-host"] == ["app.localhost"]


def test_claims_that_are_true_change_nothing(edge: RunningEdge, world: World, run_function: Run) -> None:
    """What a client says of us is not taken for our word, even when it is the same."""
    run_function(echo)
    world.publish("preview", {}, function="fn", noindex=True)
    lines = (b"x-forwarded-for: 127.0.0.1", b"x-forwarded-for: 127.0.0.1", b"x-battleshiper-robots: noindex")
    for method in (b"GET", b"POST"):
        start = method + b" /x HTTP/1.1\r\nhost: preview.localhost\r\nconnection: close\r\n"
        raw = edge.raw(start + b"\r\n".join((*lines, b"x-battleshiper-function: fn", b"", b"")))
        head, _, body = raw.partition(b"\r\n\r\n")
        assert b"x-robots-tag: noindex" in head
        seen = json.loads(body)["headers"]
        assert [value for name, value in seen if name == "x-forwarded-for"] == ["127.0.0.1"]
        assert not [name for name, _ in seen if name.startswith("x-battleshiper-")]


def test_trusted_proxy_says_who_asks(world: World, run_function: Run) -> None:
    """Behind a proxy that we trust, its word counts."""
    run_function(echo)
    edge = RunningEdge(world, trusted_proxies=["127.0.0.0/8"])
    try:
        claimed = {"x-forwarded-for": "6.6.6.6, 203.0.113.7, 127.0.0.9", "x-forwarded-proto": "https"}
        headers = told(edge.request("GET", "app", "/x", headers=claimed))["headers"]
        assert headers["x-forwarded-for"] == "203.0.113.7"
        assert headers["x-forwarded-proto"] == "https"
    finally:
        edge.stop()


def test_headers_between_neighbours_stay_there(edge: RunningEdge, run_function: Run) -> None:
    """Hop-by-hop headers, those that Connection names, and Expect end at the edge, in both directions."""

    async def answer(request: web.Request) -> web.Response:
        sent = {"keep-alive": "timeout=9", "connection": "keep-alive, x-mine", "x-mine": "1", "x-yours": "2"}
        return web.json_response([name.lower() for name in request.headers], headers=sent)

    run_function(answer)
    got = edge.request(
        "POST",
        "app",
        "/x",
        content=b"x",
        headers={"connection": "x-hop", "x-hop": "1", "te": "trailers", "expect": "100-continue", "upgrade": "h2c"},
    )
    assert not {"x-hop", "te", "expect", "upgrade"} & set(got.json())
    assert "x-mine" not in got.headers
    assert "keep-alive" not in got.headers
    assert got.headers["x-yours"] == "2"


def test_answers_arrive_as_they_are(edge: RunningEdge, run_function: Run) -> None:
    """Status, several cookies, encodings and bytes survive."""
    body = bytes(range(256)) * 1000

    async def answer(_: web.Request) -> web.Response:
        response = web.Response(status=418, reason="Odd", body=body, headers={"content-encoding": "br"})
        response.headers.add("set-cookie", "a=1; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT")
        response.headers.add("set-cookie", "b=2; HttpOnly")
        return response

    run_function(answer)
    raw = edge.raw_get(b"/x", b"host: app.localhost")
    head, _, got = raw.partition(b"\r\n\r\n")
    assert got == body
    assert head.startswith(b"HTTP/1.1 418")
    assert head.lower().count(b"set-cookie:") == 2
    assert head.lower().count(b"date:") == 1
    assert b"content-encoding: br" in head.lower()


def test_redirects_and_errors_of_the_function_are_its_own(edge: RunningEdge, run_function: Run) -> None:
    """The edge neither follows a redirect nor replaces an error page."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/go":
            return web.Response(status=303, headers={"location": "/there"})
        return web.Response(status=500, text="the app's own page")

    run_function(answer)
    assert edge.get("app", "/go").headers["location"] == "/there"
    assert edge.get("app", "/broken").text == "the app's own page"


def test_head_of_a_function(edge: RunningEdge, run_function: Run) -> None:
    """HEAD has the length of the body that GET would have."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="twelve bytes")

    run_function(answer)
    head = edge.request("HEAD", "app", "/x")
    assert (head.content, head.headers["content-length"]) == (b"", "12")


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(edge: RunningEdge, run_function: Run, status: int) -> None:
    """An answer that has no body ends where it should, and the connection goes on."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    run_function(answer)
    for _ in range(2):
        got = edge.get("app", "/x")
        assert (got.status_code, got.content) == (status, b"")


def test_answers_are_streamed(edge: RunningEdge, run_function: Run) -> None:
    """The first piece of an answer is here before the function has made the second."""
    go_on = threading.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"first")
        await asyncio.to_thread(go_on.wait, 10)
        await response.write(b"second")
        return response

    run_function(answer)
    url = f"http://127.0.0.1:{edge.port}/x"
    with httpx.stream("GET", url, headers={"host": "app.localhost"}) as got:
        pieces = got.iter_raw()
        assert next(pieces) == b"first"
        go_on.set()
        assert b"".join(pieces) == b"second"


def test_large_bodies_pass_in_both_directions(edge: RunningEdge, run_function: Run) -> None:
    """Twenty megabytes go there and back unharmed."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    run_function(answer)
    body = hashlib.sha256(b"seed").digest() * (20 * 1024 * 1024 // 32)
    got = edge.request("POST", "app", "/x", content=body)
    assert hashlib.sha256(got.content).digest() == hashlib.sha256(body).digest()


def test_previews_of_functions_are_kept_out_of_search_engines(
    edge: RunningEdge, world: World, run_function: Run
) -> None:
    """The edge says noindex whatever the app says."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(headers={"x-robots-tag": "all"})

    run_function(answer)
    world.publish("preview", {}, function="fn", noindex=True)
    assert edge.get("app", "/x").headers["x-robots-tag"] == "all"
    for method in ("GET", "POST"):
        assert edge.request(method, "preview", "/x").headers.get_list("x-robots-tag") == ["noindex"]


def test_odd_header_bytes_survive(edge: RunningEdge, run_function: Run) -> None:
    """UTF-8 in headers passes as the same bytes."""
    run_function(echo)
    raw = edge.raw_get(b"/x", b"host: app.localhost", b"x-name: caf\xc3\xa9")
    seen = dict(json.loads(raw.partition(b"\r\n\r\n")[2])["headers"])
    assert seen["x-name"].encode("latin-1") == b"caf\xc3\xa9"
