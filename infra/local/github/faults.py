"""Faults: makes the stand-in misbehave as GitHub does on a bad day, for tests of what talks to it."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KINDS = ("primary", "secondary")
_PAGE = "<!DOCTYPE html><title>Unicorn!</title><p>No server is currently available to service your request.\n"


@dataclass(slots=True)
class Fault:
    """What is to go wrong with the next `times` requests that `match` (`METHOD /path`, with `*` and `?`).

    After `delay_ms` the request is served, unless a `status` or a `rate_limit` (`primary`, `secondary`) is answered in
    its place; with `after` it is served and its answer is lost. `retry_after` is in seconds.
    """

    match: str
    status: int = 0
    delay_ms: int = 0
    rate_limit: str = ""
    retry_after: int = 1
    after: bool = False
    times: int = 1


class Faults:
    """Knows what is to go wrong. Its address, `/_standin/faults`, is open to this machine only."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def routes(self) -> list[Route]:
        """Return the routes that set, list and clear faults."""
        return [Route("/_standin/faults", self._handle, methods=["GET", "POST", "DELETE"])]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that befalls this request, and count it."""
        for fault in self._faults:
            if fault.times > 0 and fnmatchcase(f"{method} {path}", fault.match):
                fault.times -= 1
                return fault
        return None

    async def _handle(self, request: Request) -> Response:
        if not is_local(request):
            return JSONResponse({"message": "Faults are set from the machine itself."}, 403)
        if request.method == "DELETE":
            self._faults.clear()
        if request.method == "POST":
            try:
                self._faults.append(read_fault(await request.json()))
            except (ValueError, RecursionError) as error:
                return JSONResponse({"message": str(error)}, 422)
        self._faults = [fault for fault in self._faults if fault.times > 0]
        return JSONResponse([asdict(fault) for fault in self._faults])


class FaultyApp:
    """An app whose requests go wrong as `faults` say."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, well or badly."""
        local = scope["type"] != "http" or str(scope["path"]).startswith("/_standin/")
        fault = None if local else self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(fault.delay_ms / 1000)
        answer = _answer(fault)
        if answer is None or fault.after:
            await self._app(scope, receive, _lose if answer else send)
        if answer:
            await answer(scope, receive, send)


def read_fault(body: object) -> Fault:
    """Read what was posted; raises ValueError with what is wrong with it."""
    if not isinstance(body, Mapping) or not isinstance(body.get("match"), str):
        raise ValueError('send an object with "match": "METHOD /path", where * stands for anything')
    try:
        fault = Fault(**body)
    except TypeError as error:
        raise ValueError(f"there is a field that faults do not have: {error}") from error
    numbers = (fault.status, fault.delay_ms, fault.retry_after, fault.times)
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError("status, delay_ms, retry_after and times are whole numbers, zero or more")
    if fault.status and not 400 <= fault.status <= 599:
        raise ValueError("status is an error's, from 400 to 599")
    if fault.rate_limit and fault.rate_limit not in _KINDS:
        raise ValueError(f"rate_limit is one of {', '.join(_KINDS)}")
    return fault


def _answer(fault: Fault) -> Response | None:
    if fault.rate_limit == "primary":
        reset = int(time.time()) + fault.retry_after
        headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Used": "5000"}
        headers |= {"X-RateLimit-Reset": str(reset), "X-RateLimit-Resource": "core"}
        return JSONResponse({"message": "API rate limit exceeded", "status": "403"}, fault.status or 403, headers)
    if fault.rate_limit == "secondary":
        body = {"message": "You have exceeded a secondary rate limit.", "status": "403"}
        return JSONResponse(body, fault.status or 403, {"Retry-After": str(fault.retry_after)})
    if fault.status >= 500:
        return HTMLResponse(_PAGE, fault.status)
    return (
        Response(json.dumps({"message": "Fault"}), fault.status, media_type="application/json")
        if fault.status
        else None
    )


def is_local(request: Request) -> bool:
    """Tell whether a request comes from this machine."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _lose(message: Message) -> None:
    """Send nothing."""
