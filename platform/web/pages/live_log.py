"""A log as it grows, by server-sent events, and as a file."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator
from itertools import islice

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from battleshiper.platform.accounts.caller import check_readable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.logs.port import LogKind, LogLine, Logs
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Deployments, MissingError
from battleshiper.platform.web.pages.log_window import write_log
from battleshiper.platform.web.parameters import number_of, word_of
from battleshiper.platform.web.words import shorten

_POLL_SECONDS = 0.25
_SLOW_POLL_SECONDS = 2.0
"""Of what can go on for ever."""
_MAX_LINES = 5000
_LONGEST_NUMBER = 18
_MOST_BYTES_IN_ONE_PIECE = 1_900_000
"""A Lambda answers with 6 MB at most, of JSON in which a letter may take three times as many."""
_LEFT_OUT = "The rest is left out here. `battleshiper logs` shows all.\n"
_AGAIN = "retry: 1000\n\n"
_AGAIN_SLOWLY = "retry: 5000\n\n"
_LONGEST_SECONDS = 60
"""Then the browser asks again, and is let in again: who has signed out meanwhile is not."""
_REST = 10
"""Times as long as a look at the log took nobody looks at it: a long log is not read all the time."""
_CHANGED = "event: changed\ndata: {}\n\n"


class LiveLog:
    """Sends the lines of logs."""

    def __init__(self, store: Deployments, logs: Logs, follow_seconds: float = math.inf) -> None:
        """A log is followed for `follow_seconds` at a time, then the browser asks again from where it is: where an
        answer is sent in one piece, as by a Lambda, 0 shows each line without waiting for the last."""
        self._store = store
        self._logs = logs
        self._follow_seconds = min(follow_seconds, _LONGEST_SECONDS)
        self._most_bytes = math.inf if follow_seconds else _MOST_BYTES_IN_ONE_PIECE

    def follow(self, request: Request, viewer: Viewer) -> Response:
        """Server-sent events: each new line of the log, then `changed` once the state is another than the page shows,
        or the last. What a server prints has no last line."""
        deployment, project = viewer.deployment(request.path_params["id"])
        check_readable(viewer, project)
        start = request.headers.get("last-event-id") or request.query_params.get("start", "0")
        number = number_of(start, _LONGEST_NUMBER) or 0
        shown = word_of(State, request.query_params.get("state", "")) or deployment.state
        events = self._events(request, deployment.id, shown, read_kind(request), number)
        return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store"})

    def download(self, request: Request, viewer: Viewer) -> Response:
        """A log as a text file."""
        deployment, project = viewer.deployment(request.path_params["id"])
        check_readable(viewer, project)
        kind = read_kind(request)
        lines = self._logs.read(deployment.id, kind)
        headers = {
            "content-disposition": f'attachment; filename="{deployment.id}-{kind.value}.txt"',
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }
        text = (part.encode("utf-8", "backslashreplace") for part in write_log(lines, self._most_bytes, _LEFT_OUT))
        return StreamingResponse(text, media_type="text/plain; charset=utf-8", headers=headers)

    async def _events(
        self, request: Request, deployment_id: str, shown: State, kind: LogKind, start: int
    ) -> AsyncIterator[str]:
        end = time.monotonic() + self._follow_seconds
        is_endless = kind is LogKind.SERVER
        pause = _SLOW_POLL_SECONDS if is_endless else _POLL_SECONDS
        yield _AGAIN_SLOWLY if is_endless else _AGAIN
        while not await request.is_disconnected():
            began = time.monotonic()
            try:
                now = await run_in_threadpool(self._store.deployment, deployment_id)
            except MissingError:  # its project was deleted
                yield _CHANGED
                return
            lines = await run_in_threadpool(self._lines, deployment_id, kind, start)
            took = time.monotonic() - began
            for line in lines:
                start = line.number + 1
                yield f"id: {start}\nevent: line\ndata: {json.dumps({'at': line.at, 'text': shorten(line.text)})}\n\n"
            if not is_endless and (now.state is not shown or now.state.is_final):
                yield _CHANGED
                return
            if time.monotonic() >= end:
                return
            await asyncio.sleep(max(pause, _REST * took))

    def _lines(self, deployment_id: str, kind: LogKind, start: int) -> list[LogLine]:
        return list(islice(self._logs.read(deployment_id, kind, start), _MAX_LINES))


def read_kind(request: Request, default: LogKind = LogKind.BUILD) -> LogKind:
    """Return which log is asked for; what there is not is not asked for."""
    return word_of(LogKind, request.query_params.get("kind", "")) or default
