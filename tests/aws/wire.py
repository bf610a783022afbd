"""The wire between functions and AWS: an HTTP proxy that knows the calls it carries, and does to them what a test says.

It also plays the encryption that the emulator leaves out: AWS is told that every request came by TLS.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade"})
_KEY_VALUE_STORE = re.compile(r"/key-value-stores/[^/]+(?P<keys>/keys)?(?P<key>/.*)?")
_LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Request:
    """A request on its way."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    caller: int
    """The port that it comes from."""

    @property
    def operation(self) -> str:
        """The service and the operation of a call to AWS, as boto names them; empty for what is none we know."""
        target = self.headers.get("x-amz-target", "")
        if target:
            service, _, operation = target.rpartition(".")
            return f"{_SERVICES.get(service, service)}.{operation}"
        path, query = urlsplit(self.url).path, parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        if path.startswith("/key-value-stores/"):
            return _of_key_value_store(self.method, path)
        if "/s3/aws4_request" in self.headers.get("authorization", ""):
            return _of_s3(self.method, self.headers, query)
        return "batch.SubmitJob" if path.endswith("/v1/submitjob") else ""


@dataclass(frozen=True)
class Answer:
    """What somebody other than AWS answers."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Wire:
    """Carries requests until it is closed. `trouble` is asked about each: it may answer it, or hold it up. `complete`
    sees each answer on its way back."""

    def __init__(self, emulator: str) -> None:
        self._emulator = emulator
        self.trouble: Callable[[Request], Answer | None] = lambda _: None
        self.complete: Callable[[Request, Answer], Answer] = lambda _, answer: answer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Carry nothing more."""
        self._server.shutdown()
        self._server.server_close()

    def carry(self, request: Request) -> Answer:
        """Return what the other end answers; raises OSError or HTTPException where it does not."""
        if answer := self.trouble(request):
            return answer
        parts = urlsplit(request.url)
        # To functions, this is where AWS is; names below it are known to no name server.
        is_aws = f"http://{parts.netloc}" in ("http://", self.url) or (parts.hostname or "").endswith(".localhost")
        to = urlsplit(self._emulator) if is_aws else parts
        connection = HTTPConnection(to.hostname or "", to.port or 80, timeout=_LONGEST_SECONDS)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.putrequest(request.method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                if name not in _HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("x-forwarded-proto", "https")
            connection.endheaders(request.body)
            found = connection.getresponse()
            headers = {name: value for name, value in found.getheaders() if name.lower() not in _HOP_BY_HOP}
            return self.complete(request, Answer(found.status, headers, found.read()))
        finally:
            connection.close()


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

        def _carry(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._whole(headers)
            if "content-length" not in headers and body:
                headers["content-length"] = str(len(body))
            try:
                answer = wire.carry(Request(self.command, self.path, headers, body, self.client_address[1]))
            except (OSError, HTTPException):
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() != "content-length" or self.command == "HEAD":
                    self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def _whole(self, headers: Mapping[str, str]) -> bytes:
            return self.rfile.read(int(headers.get("content-length", 0)))

        def _chunks(self) -> bytes:
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return body

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _carry  # noqa: N815 - the base class's names

    return Handler


_SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AWSEvents": "events",
    "AmazonSQS": "sqs",
    "Logs_20140328": "logs",
    "CodeDeploy_20141006": "codedeploy",
}


def _of_key_value_store(method: str, path: str) -> str:
    found = _KEY_VALUE_STORE.fullmatch(path)
    known = {
        ("GET", False, False): "DescribeKeyValueStore",
        ("GET", True, False): "ListKeys",
        ("POST", True, False): "UpdateKeys",
        ("GET", True, True): "GetKey",
    }
    name = known.get((method, bool(found and found["keys"]), bool(found and found["key"])), "")
    return f"cloudfront-keyvaluestore.{name}"


def _of_s3(method: str, headers: Mapping[str, str], query: Mapping[str, list[str]]) -> str:
    if method == "POST" and "delete" in query:
        return "s3.DeleteObjects"
    if method == "PUT":
        return "s3.CopyObject" if "x-amz-copy-source" in headers else "s3.PutObject"
    return f"s3.{method}"
