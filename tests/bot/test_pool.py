"""The transport that keeps its connections."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest

from battleshiper.bot import pool
from battleshiper.bot.pool import Pool

Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Yield what starts a server: for one connection, a function that writes the answer."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []

    def start(answer: Callable[[socket.socket], None]) -> str:
        def handle() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    answer(connection)

        threads.append(threading.Thread(target=handle))
        threads[0].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    listener.close()
    for thread in threads:
        thread.join(10)


def ask(url: str, timeout_seconds: float) -> httpx.Response:
    """Ask through a pool, with a client that comes and goes."""
    transport = Pool(timeout_seconds)
    try:
        with httpx.Client(transport=transport, timeout=timeout_seconds) as client:
            return client.get(url)
    finally:
        transport.shut()


def test_an_answer_that_drips_is_too_slow(serve: Serve) -> None:
    """The time is for the whole answer, not for each of its bytes."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"x")
            time.sleep(0.02)

    with pytest.raises(httpx.ReadTimeout):
        ask(serve(drip), 0.3)


def test_an_answer_without_end_is_refused(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer fills the memory."""
    monkeypatch.setattr(pool, "MAX_ANSWER_BYTES", 1000)

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)

    with pytest.raises(httpx.ReadError, match="too large"):
        ask(serve(flood), 5)


def test_a_compressed_answer_is_read_once(serve: Serve) -> None:
    """What the server compressed is unpacked by the client that asked."""
    body = gzip.compress(b'{"a": 1}')

    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    assert ask(serve(answer), 5).json() == {"a": 1}
