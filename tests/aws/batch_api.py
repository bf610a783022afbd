"""Batch's API over HTTP, as far as we call it, in front of the stand-in (botocore, service `batch`, REST with JSON)."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aws.batch_standin import BatchStandIn

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_SHARE = re.compile(r"[A-Za-z0-9]{1,255}\*?")
_PATTERN = re.compile(r"[A-Za-z0-9.:\s]*\*?")


class RefusedError(Exception):
    """A request that Batch answers with ClientException."""


class BatchApi:
    """Serves the stand-in on loopback until it is closed."""

    def __init__(self, standin: BatchStandIn) -> None:
        self.standin = standin
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        """Every call, as (operation in lowercase, request)."""
        self.refusal: tuple[int, str, str] | None = None
        """Status, error code and message to answer every SubmitJob with."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one call; raises RefusedError."""
        operations: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "submitjob": self._submit,
            "listjobs": self._list,
            "describejobs": self._describe,
            "terminatejob": self._terminate,
        }
        self.calls.append((operation, request))
        return operations[operation](request)

    def _submit(self, request: Mapping[str, Any]) -> dict[str, Any]:
        rules = request.get("retryStrategy", {}).get("evaluateOnExit", [])
        patterns = [value for rule in rules for name, value in rule.items() if name.startswith("on")]
        if not _NAME.fullmatch(request["jobName"]):
            raise RefusedError("Job name is not valid")
        if not _SHARE.fullmatch(request.get("shareIdentifier", "")):
            raise RefusedError("Share identifier must be alphanumeric and is required by the queue's policy")
        if len(rules) > 5 or not all(_PATTERN.fullmatch(pattern) for pattern in patterns):
            raise RefusedError("Evaluate on exit condition contains restricted characters")
        if request.get("timeout", {}).get("attemptDurationSeconds", 60) < 60:
            raise RefusedError("Timeout must be at least 60 seconds")
        job = self.standin.submit(request)
        name = request["jobName"]
        return {"jobArn": job.describe()["jobArn"], "jobName": name, "jobId": job.id}

    def _list(self, request: Mapping[str, Any]) -> dict[str, Any]:
        names = [each["values"][0] for each in request.get("filters", []) if each["name"] == "JOB_NAME"]
        status = "" if names else request.get("jobStatus", "RUNNING")
        found = self.standin.jobs(request["jobQueue"].rpartition("/")[2], status, names[0] if names else "")
        kept = ("jobArn", "jobId", "jobName", "createdAt", "status", "statusReason")
        start, size = int(request.get("nextToken") or 0), request.get("maxResults") or 100
        page = [{name: value for name, value in job.describe().items() if name in kept} for job in found]
        more = {"nextToken": str(start + size)} if len(page) > start + size else {}
        return {"jobSummaryList": page[start : start + size], **more}

    def _describe(self, request: Mapping[str, Any]) -> dict[str, Any]:
        found = [self.standin.find(each) for each in request["jobs"]]
        return {"jobs": [job.describe() for job in found if job]}

    def _terminate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self.standin.terminate(request["jobId"], request["reason"])
        return {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                pass

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operation = self.path.removeprefix("/v1/")
                if operation == "submitjob" and api.refusal:
                    status, code, message = api.refusal
                    self._send(status, {"message": message}, code)
                    return
                try:
                    self._send(200, api.answer(operation, request))
                except RefusedError as error:
                    self._send(400, {"message": str(error)}, "ClientException")

            def _send(self, status: int, body: Mapping[str, Any], code: str = "") -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                if code:
                    self.send_header("x-amzn-ErrorType", code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        return Handler
