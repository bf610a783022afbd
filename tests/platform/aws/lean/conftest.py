"""A server that answers as a test tells it to."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


@dataclass(frozen=True)
class Reply:
    """What a server answers. Without a status it hangs up."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    """After the answer, without having said so in it."""


@dataclass
class Request:
    """What a server was asked, and over which connection."""

    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


class Server:
    """Gives the replies that are in the list, then the last one for ever."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.replies: list[Reply | Callable[[], Reply]] = [Reply()]
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # who hangs up is part of the tests
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self) -> Reply:
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply if isinstance(reply, Reply) else reply()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                pass

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.requests.append(Request(self.path, headers, body, self.client_address))
                reply = server.next()
                if reply.status:
                    self.send_response(reply.status)
                    for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body)
                self.close_connection = reply.hangs_up or not reply.status

            do_GET = do_POST = answer  # noqa: N815 - the base class's names

        return Handler


@pytest.fixture
def open_server() -> Iterator[Callable[..., Server]]:
    """Makes servers on this machine."""
    with ExitStack() as made:

        def make(tls: ssl.SSLContext | None = None) -> Server:
            return made.enter_context(closing(Server(tls)))

        yield make


@pytest.fixture
def server(open_server: Callable[..., Server]) -> Server:
    """A server that speaks without encryption."""
    return open_server()


@pytest.fixture
def reply() -> type[Reply]:
    """Makes what it answers."""
    return Reply
