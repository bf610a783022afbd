"""GitHub as seen by nobody: codes, clocks, and every way in which they go wrong."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError
from battleshiper.bot.visitor import CodeSpentError, Visitor

APP = {
    "id": 7,
    "slug": "ship",
    "name": "Ship",
    "html_url": "https://github.com/apps/ship",
    "owner": {"login": "me"},
    "client_id": "Iv1",
    "client_secret": "client's",
    "webhook_secret": "webhook's",
    "pem": "key",
}


class Server:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        server = self
        self.status, self.body, self.date = 201, json.dumps(APP).encode(), "Fri, 02 Jan 2026 03:04:05 GMT"
        self.asked: list[tuple[str, str, str | None]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.asked.append((self.command, self.path, self.headers.get("authorization")))
                self.send_response_only(server.status)
                self.send_header("date", server.date)
                self.send_header("content-length", str(len(server.body)))
                self.end_headers()
                self.wfile.write(server.body)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *arguments: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/api/v3"
        threading.Thread(target=self._http.serve_forever, args=[0.02], daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    visitor = Visitor(server.url, timeout_seconds=5)
    yield visitor
    visitor.close()


def test_a_code_becomes_an_app(server: Server, visitor: Visitor) -> None:
    """The code is one part of the path, whatever is in it, and nobody signs in for it."""
    app = visitor.exchange("a/../b")
    assert (app.id, app.owner.login, app.pem, app.webhook_secret) == (7, "me", "key", "webhook's")
    assert app.install_url == "https://github.com/apps/ship/installations/new"
    assert server.asked == [("POST", "/api/v3/app-manifests/a%2F..%2Fb/conversions", None)]


def test_secrets_are_not_printed(visitor: Visitor) -> None:
    """What may end up in a log has no secret in it."""
    shown = repr(visitor.exchange("c"))
    assert not [secret for secret in ("client's", "webhook's", "'key'") if secret in shown]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b'{"message": "Not Found"}', CodeSpentError),
        (422, b"{}", CodeSpentError),
        (403, b'{"message": "no"}', GitHubRefusedError),
        (429, b"", GitHubUnavailableError),
        (500, b"<html>", GitHubUnavailableError),
        (302, b"", GitHubUnavailableError),
        (201, b"<html>", GitHubUnavailableError),
        (201, b"[]", GitHubUnavailableError),
        (201, b'{"id": 7}', GitHubUnavailableError),
        (201, b"", GitHubUnavailableError),
    ],
)
def test_other_answers(server: Server, visitor: Visitor, status: int, body: bytes, error: type[GitHubError]) -> None:
    """Each is an error that says whether to try again, and the code is asked for once."""
    server.status, server.body = status, body
    with pytest.raises(GitHubError) as raised:
        visitor.exchange("c")
    assert type(raised.value) is error
    assert len(server.asked) == 1


def test_githubs_clock(server: Server, visitor: Visitor) -> None:
    """It is read from any answer, an error too."""
    server.status = 401
    assert visitor.read_clock() == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    server.date = "soon"
    with pytest.raises(GitHubUnavailableError, match="no date"):
        visitor.read_clock()


def test_nobody_there(server: Server) -> None:
    """A GitHub that does not answer is an error, not a crash."""
    server.close()
    visitor = Visitor(server.url, timeout_seconds=1)
    for ask in (visitor.read_clock, lambda: visitor.exchange("c")):
        with pytest.raises(GitHubUnavailableError, match="cannot be reached"):
            ask()
    visitor.close()
