"""Bodies that are too large, endless or cut off, sent to a real server over a raw socket."""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from battleshiper.webhooks.headers import MAX_BODY_BYTES

MEGABYTE = 1024 * 1024
SERVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from battleshiper.platform.bus.sqlite.queue import put
from battleshiper.platform.database.database import Database
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.webhooks.ingress import Webhooks

now = lambda: datetime.now(UTC)
store = SqliteStore(Database(Path(sys.argv[1])), lambda connection, events: put(connection, events, 0), now)
webhooks = Webhooks(("a webhook secret",), None, store, lambda grant: "ticket", now)
config = uvicorn.Config(webhooks.before(Starlette()), host="127.0.0.1", port=0)
uvicorn.Server(config).run()
"""


@dataclass
class Server:
    """A server in a process of its own, whose memory can be looked at."""

    pid: int
    port: int

    def connect(self) -> socket.socket:
        """Open a connection that waits no longer than a test may."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def peak(self) -> int:
        """Return the most memory it ever had, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the ingress under uvicorn."""
    database = tmp_path_factory.mktemp("ingress") / "battleshiper.db"
    command = [sys.executable, "-c", SERVER, str(database)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            port = next(int(found[1]) for line in process.stderr if (found := re.search(r"127\.0\.0\.1:(\d+)", line)))
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield Server(process.pid, port)
        finally:
            process.kill()


def start(connection: socket.socket, headers: list[tuple[bytes, bytes]]) -> None:
    """Send the head of a request."""
    lines = [b"POST /webhooks/github HTTP/1.1", *(name + b": " + value for name, value in headers), b"", b""]
    connection.sendall(b"\r\n".join(lines))


def chunked(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers without a length."""
    return [header for header in headers if header[0] != b"content-length"] + [(b"transfer-encoding", b"chunked")]


def send_chunks(connection: socket.socket, chunk: bytes, count: int) -> int:
    """Send up to `count` chunks; return how many went before the other side hung up."""
    framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
    for sent in range(count):
        try:
            connection.sendall(framed)
        except OSError:
            return sent
    with suppress(OSError):
        connection.sendall(b"0\r\n\r\n")
    return count


def status(connection: socket.socket) -> int:
    """Read the status of the answer."""
    answer = b""
    while b"\r\n" not in answer:
        piece = connection.recv(65536)
        assert piece, "the server hung up without an answer"
        answer += piece
    return int(answer.split()[1])


def test_a_body_without_a_length_is_cut_at_the_limit(server: Server, hub: Any) -> None:
    """A body of 200 MB gets 413 early, and the server never holds much more than the limit."""
    with server.connect() as connection:
        start(connection, chunked(hub.headers("push", b"")))
        before = server.peak()
        answers: list[int] = []
        reader = threading.Thread(target=lambda: answers.append(status(connection)))
        reader.start()
        send_chunks(connection, b" " * MEGABYTE, 200)
        reader.join()
    assert answers == [413]
    # The buffer, its growth by copying, and what the server had read ahead.
    assert server.peak() - before < 3 * MAX_BODY_BYTES


def test_a_body_in_single_bytes_costs_no_more(server: Server, hub: Any) -> None:
    """Many tiny pieces are kept as one."""
    body = b" " * 200_000
    before = server.peak()
    with server.connect() as connection:
        start(connection, chunked(hub.headers("ping", body)))
        connection.sendall(b"1\r\n \r\n" * len(body) + b"0\r\n\r\n")
        assert status(connection) == 400
    assert server.peak() - before < 40 * MEGABYTE


def test_a_length_above_the_limit_is_answered_before_the_body(server: Server, hub: Any) -> None:
    """Nothing of the body needs to be sent."""
    headers = dict(hub.headers("push", b"")) | {b"content-length": str(MAX_BODY_BYTES + 1).encode()}
    with server.connect() as connection:
        start(connection, list(headers.items()))
        assert status(connection) == 413


def test_an_unsigned_request_is_answered_before_its_body(server: Server, hub: Any) -> None:
    """Who does not even claim to have a signature is not listened to."""
    headers = [header for header in hub.headers("push", b" " * MEGABYTE) if header[0] != b"x-hub-signature-256"]
    with server.connect() as connection:
        start(connection, headers)
        assert status(connection) == 401


def test_a_body_at_the_limit_is_read(server: Server, hub: Any) -> None:
    """25 MB, the most that GitHub sends, pass."""
    body = b'{"zen": "' + b"x" * (MAX_BODY_BYTES - 11) + b'"}'
    assert len(body) == MAX_BODY_BYTES
    with server.connect() as connection:
        start(connection, hub.headers("ping", body, "d-large"))
        connection.sendall(body)
        assert status(connection) == 202


def test_a_sender_that_hangs_up(server: Server, hub: Any) -> None:
    """A body that ends half way leaves nothing behind, and the next delivery is taken."""
    body = hub.push()
    with server.connect() as connection:
        start(connection, hub.headers("push", body, "d-cut"))
        connection.sendall(body[: len(body) // 2])
    with server.connect() as connection:
        start(connection, hub.headers("push", body, "d-cut"))
        connection.sendall(body)
        assert status(connection) == 202
