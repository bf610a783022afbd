"""What goes wrong on the wire, at the first calls of an operation."""

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from aws.wire import Answer, Request

Strike = Callable[[Request], Answer | None]


class Trouble:
    """Strikes `times` times at an operation, named as boto names it. Ask it with any request."""

    def __init__(self, operation: str, strike: Strike, times: int = 1) -> None:
        self._operation = operation
        self._strike = strike
        self._lock = Lock()
        self.left = times

    def __call__(self, request: Request) -> Answer | None:
        """Return what is answered in AWS's place, None where AWS may answer."""
        with self._lock:
            if request.operation != self._operation or not self.left:
                return None
            self.left -= 1
        return self._strike(request)


def die(request: Request) -> None:
    """Let the function that calls die there and then, as when Lambda ends it: no code of it runs any more."""
    os.kill(_process_at(request.caller), signal.SIGKILL)
    raise OSError("the caller is gone")


def refuse(code: str, status: int = 400) -> Strike:
    """Return what answers as a service that refuses, in all the ways in which services of AWS say so."""

    def answer(request: Request) -> Answer:
        if request.operation.startswith("s3."):
            return Answer(status, {"content-type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode())
        body = json.dumps({"__type": code, "message": code}).encode()
        return Answer(status, {"content-type": "application/x-amz-json-1.0", "x-amzn-errortype": code}, body)

    return answer


def _process_at(port: int) -> int:
    """Return the process whose connection begins at a port of this machine."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    (inode,) = {line.split()[9] for line in lines if line.split()[1].endswith(f":{port:04X}")} - {"0"}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(each.readlink()) == f"socket:[{inode}]" for each in (process / "fd").iterdir()):
                return int(process.name)
    raise AssertionError(f"Nobody is at port {port}.")
