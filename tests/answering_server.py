"""A server that answers as it is told to, in GitHub's place."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONG_TOKEN = "ghs_" + "x" * 900


@dataclass
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]
"""Status, body (bytes as they are, all else as JSON) and headers. Status 0 ends the connection without an answer, and a
Content-Length of its own may promise more than there is."""


@dataclass
class Server:
    """Answers by path; tokens are given out by themselves."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    token_answer: Answer | None = None

    def answer(self, asked: Asked) -> Answer:
        """Return what is to be answered."""
        self.asked.append(asked)
        answer = self.answers.get(f"{asked.method} {asked.path}")
        if answer is not None:
            return answer() if callable(answer) else answer
        if asked.path.endswith("/access_tokens"):
            expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            return self.token_answer or (201, {"token": LONG_TOKEN, "expires_at": expires})
        return 404, {"message": "Not Found"}

    @property
    def asked_for(self) -> list[str]:
        """The requests in order."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@contextmanager
def answering() -> Iterator[Server]:
    """Run a server."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name.lower(): value for name, value in self.headers.items()}
            is_json = raw and "form" not in sent.get("content-type", "")
            asked = json.loads(raw) if is_json else raw.decode() or None
            status, body, *more = state.answer(Asked(self.command, self.path, sent, asked))
            if status == 0:
                self.close_connection = True
                return
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            headers = {"content-length": str(len(payload)), **(more[0] if more else {})}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)
            self.close_connection = headers["content-length"] != str(len(payload))

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815 - the names are the base class's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_port}/api/v3"
    yield state
    httpd.shutdown()
    thread.join()
    httpd.server_close()
