"""Functions that fail, and clients that do."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from battleshiper.edge.local import exchange

from .conftest import Handler, RunningEdge, World, echo

Run = Callable[[Handler], None]


@pytest.fixture(autouse=True)
def _site(world: World) -> None:
    world.publish("app", {}, function="fn")


def test_too_large_bodies_are_refused(world: World, run_function: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than the limit gets 413, said beforehand or found out on the way."""
    run_function(echo)
    edge = RunningEdge(world)
    monkeypatch.setattr(edge.edge._proxy, "_body_limit", 1000)
    try:
        assert edge.request("POST", "app", "/x", content=b"x" * 1000).status_code == 200
        said = edge.raw(b"POST /x HTTP/1.1\r\nhost: app.localhost\r\ncontent-length: 99999999999\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 413")
        found = edge.raw(
            b"POST /x HTTP/1.1\r\nhost: app.localhost\r\ntransfer-encoding: chunked\r\n\r\n"
            + b"3E8\r\n"
            + b"x" * 1000
            + b"\r\n1\r\nx\r\n"
        )
        assert found.startswith(b"HTTP/1.1 413")
    finally:
        edge.stop()


def test_function_that_does_not_start(edge: RunningEdge) -> None:
    """A visitor learns that the function failed, and none of its last words."""
    for method in ("GET", "POST"):
        got = edge.request(method, "app", "/x")
        assert got.status_code == 502
        assert "server function failed" in got.text
        assert "secret last words" not in got.text
        assert got.headers["cache-control"] == "no-store"


def test_function_whose_process_is_gone(edge: RunningEdge, world: World, tmp_path: Path) -> None:
    """A socket at which nobody listens is looked up once more, then it is a 502."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    world.hosts.sockets["fn"] = path
    assert edge.get("app", "/x").status_code == 502
    assert world.hosts.asked == ["fn", "fn"]


def test_function_that_restarts_meanwhile(edge: RunningEdge, world: World, run_function: Run, tmp_path: Path) -> None:
    """When the host has another socket the second time, nobody notices."""
    run_function(echo)
    alive = world.hosts.sockets["fn"]
    answers = [tmp_path / "gone", alive]

    async def moving(reference: str) -> Path:
        return answers.pop(0)

    original, world.hosts.socket = world.hosts.socket, moving  # type: ignore[method-assign]
    try:
        assert edge.request("POST", "app", "/x", content=b"kept").json()["body"] == b"kept".hex()
    finally:
        world.hosts.socket = original  # type: ignore[method-assign]


def test_function_that_breaks_off(edge: RunningEdge, run_function: Run) -> None:
    """Before the answer a dying process is a 502; within it the connection breaks, so that nobody takes it as whole."""

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        if request.path == "/within":
            response = web.StreamResponse(headers={"content-length": "100"})
            await response.prepare(request)
            await response.write(b"only this")
            await asyncio.sleep(0.05)
        request.transport.abort()
        return web.Response()

    run_function(answer)
    assert edge.get("app", "/before").status_code == 502
    with pytest.raises(httpx.RemoteProtocolError):
        edge.get("app", "/within")


def test_function_that_does_not_answer(world: World, run_function: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time it has, there is a 504."""

    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    run_function(answer)
    edge = RunningEdge(world)
    monkeypatch.setattr(edge.edge._proxy, "_answer_seconds", 0.1)
    try:
        got = edge.get("app", "/x")
        assert got.status_code == 504
        assert "took too long" in got.text
    finally:
        edge.stop()


def test_client_that_leaves_ends_the_work(
    edge: RunningEdge, run_function: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the browser closes the connection, the function's request is closed, too."""
    monkeypatch.setattr(exchange, "_UNWATCHED_SECONDS", 0.05)
    ended = threading.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        while request.transport is not None:  # noqa: ASYNC110 - that is what is looked for
            await asyncio.sleep(0.01)
        ended.set()
        return web.Response()

    run_function(answer)
    with socket.create_connection(("127.0.0.1", edge.port)) as connection:
        connection.sendall(b"GET /x HTTP/1.1\r\nhost: app.localhost\r\n\r\n")
        time.sleep(0.2)
    assert ended.wait(5)
