"""The pages: all projects, and one deployment with its log while it is being built."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.logs.port import LogKind, LogLine, Logs
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.web.door import Door
from battleshiper.platform.web.presentation import present_deployment, present_project
from battleshiper.platform.web.renderer import Renderer

_POLL_SECONDS = 0.25
_MAX_LINES = 5000
_AGAIN = "retry: 1000\n\n"
_CHANGED = "event: changed\ndata: {}\n\n"


class Pages:
    """Server-rendered pages; the log grows by server-sent events where there is JavaScript."""

    def __init__(
        self,
        store: Store,
        logs: Logs,
        addresses: SiteAddresses,
        github_url: str,
        door: Door,
        renderer: Renderer,
        *,
        follow_seconds: float = math.inf,
        offer: Callable[[Request], str] = lambda _: "",
    ) -> None:
        """A log is followed for `follow_seconds` at a time, then the browser asks again from where it is: where an
        answer is sent in one piece, as by a Lambda, 0 shows each line without waiting for the last. `offer` returns
        where the one who asks may connect GitHub, nothing if they may not."""
        self._follow_seconds = follow_seconds
        self._offer = offer
        self._store = store
        self._logs = logs
        self._addresses = addresses
        self._github_url = github_url
        self._door = door
        self._renderer = renderer

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        return [
            self._door.page("/", self.show_projects),
            self._door.page("/deployments/{id}", self.show_deployment),
            self._door.stream("/deployments/{id}/events", self.follow),
        ]

    def show_projects(self, request: Request, viewer: Viewer) -> Response:
        """Every project, with where its site is."""
        projects = []
        for project in viewer.projects():
            latest = next(iter(self._store.deployments(project.id, limit=1)), None)
            projects.append(present_project(project, latest, self._addresses))
        offer = self._offer(request)
        return self._renderer.render(
            "projects.html", viewer, projects=projects, github_url=self._github_url, offer=offer
        )

    def show_deployment(self, request: Request, viewer: Viewer) -> Response:
        """One deployment: what, why, where, and its log."""
        deployment, project = viewer.deployment(request.path_params["id"])
        lines = self._lines(deployment.id, 0) if viewer.may_read_logs(project) else []
        return self._renderer.render(
            "deployment.html",
            viewer,
            deployment=present_deployment(deployment, project),
            commit_url=f"{self._github_url}/{project.repository}/commit/{deployment.commit.sha}",
            duration=_duration(deployment),
            lines=lines,
            following=lines[-1].number + 1 if lines else 0,
        )

    def follow(self, request: Request, viewer: Viewer) -> Response:
        """Server-sent events: each new line of the log, then `changed` once the state is another or the last."""
        deployment, project = viewer.deployment(request.path_params["id"])
        if not viewer.may_read_logs(project):
            return Response(status_code=404)
        start = request.headers.get("last-event-id") or request.query_params.get("start", "0")
        events = self._events(request, deployment, int(start) if start.isdecimal() and len(start) < 10 else 0)
        return StreamingResponse(events, media_type="text/event-stream", headers={"cache-control": "no-store"})

    async def _events(self, request: Request, deployment: Deployment, start: int) -> AsyncIterator[str]:
        end = time.monotonic() + self._follow_seconds
        yield _AGAIN
        while not await request.is_disconnected():
            try:
                now = await run_in_threadpool(self._store.deployment, deployment.id)
            except MissingError:  # its project was deleted
                yield _CHANGED
                return
            for line in await run_in_threadpool(self._lines, deployment.id, start):
                start = line.number + 1
                yield f"id: {start}\nevent: line\ndata: {json.dumps({'at': line.at, 'text': line.text})}\n\n"
            if now.state is not deployment.state or now.state.is_final:
                yield _CHANGED
                return
            if time.monotonic() >= end:
                return
            await asyncio.sleep(_POLL_SECONDS)

    def _lines(self, deployment_id: str, start: int) -> list[LogLine]:
        lines = []
        for line in self._logs.read(deployment_id, LogKind.BUILD, start):
            lines.append(line)
            if len(lines) == _MAX_LINES:
                break
        return lines


def _duration(deployment: Deployment) -> str:
    end: datetime | None = deployment.finished_at
    return f"{(end - deployment.created_at).total_seconds():.1f} s" if end else ""
