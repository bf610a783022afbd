"""As much of AWS as the webhook function asks for a push that is to be built."""

import hashlib
import hmac
import json
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.infra.aws.variables import SECRETS_PREFIX, Variable
from battleshiper.platform.tickets.keys import KeyRing
from battleshiper.webhooks.ingress import PATH
from benchmarks.ours.table import Table

_ORIGIN_SECRET = "origin"  # noqa: S105 - nobody's
_PUSH: dict[str, Any] = {
    "ref": "refs/heads/main",
    "before": "0" * 40,
    "after": "a" * 40,
    "created": False,
    "deleted": False,
    "forced": False,
    "repository": {
        "id": 1,
        "name": "shop",
        "full_name": "octo/shop",
        "default_branch": "main",
        "pushed_at": 1_700_000_000,
        "fork": False,
        "owner": {"id": 2, "login": "octo"},
    },
    "installation": {"id": 3},
    "sender": {"id": 4, "login": "octo"},
    "head_commit": {"id": "a" * 40, "message": "Change", "author": {"name": "Octo"}},
    "commits": [],
}


class FakeAws:
    """Secrets Manager, a table with one project, and a bus, while the context lasts."""

    webhook_secret = "webhook"  # noqa: S105 - nobody's

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(_secrets(self.webhook_secret)))
        self._server.daemon_threads = True

    def __enter__(self) -> "FakeAws":
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """What the function is told."""
        told = {
            Variable.TABLE: "battleshiper",
            Variable.BUS: "battleshiper",
            Variable.BASE_URL: "https://deploy.example",
            Variable.SECRETS_PREFIX: SECRETS_PREFIX,
            Variable.GITHUB_APP_ID: "1",
        }
        return {
            **{name.value: value for name, value in told.items()},
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "NO_PROXY": "127.0.0.1",
        }


def push_event(secret: str) -> str:
    """Return a signed push as API Gateway gives it to the function."""
    body = json.dumps(_PUSH).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "user-agent": "GitHub-Hookshot/044aadd",
        "x-github-event": "push",
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-github-hook-installation-target-id": "1",
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}",
        ORIGIN_HEADER: _ORIGIN_SECRET,
    }
    event = {
        "version": "2.0",
        "rawPath": PATH,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": {"method": "POST", "path": PATH, "sourceIp": "192.0.2.1"}},
        "body": b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    return json.dumps(event)


def _secrets(webhook_secret: str) -> dict[str, str]:
    ring = KeyRing.new()
    values = {
        "ticket-keys": ring.to_json(),
        "ticket-public-keys": ring.public().to_json(),
        "github-webhook-secret": webhook_secret,
        "origin-secret": _ORIGIN_SECRET,
    }
    return {SECRETS_PREFIX + name: value for name, value in values.items()}


def _handler(secrets: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    table = Table(_PUSH["repository"]["id"])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        """An answer goes out in one piece: the client's acknowledgement of a first one would be 40 ms late."""

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            answer = _answer(operation, request, secrets, table)
            is_there = answer is not None
            raw = json.dumps(answer if is_there else {"__type": "ResourceNotFoundException"}).encode()
            self.send_response(200 if is_there else 400)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    return Handler


def _answer(operation: str, request: dict[str, Any], secrets: dict[str, str], table: Table) -> dict[str, Any] | None:
    """Return what AWS answers; None for what is not there."""
    if operation == "GetSecretValue":
        # Each has its first value still, and none before it.
        is_now = request["VersionStage"] == "AWSCURRENT"
        return {"SecretString": secrets[request["SecretId"]], "VersionId": "1"} if is_now else None
    if operation == "PutEvents":
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in request["Entries"]]}
    return table.answer(operation, request)
