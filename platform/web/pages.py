"""The pages: all projects, and one deployment with its log while it is being built."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from battleshiper.platform.logs.port import LogKind, LogLine, Logs
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.web.assets import Assets
from battleshiper.platform.web.presentation import present_deployment, present_project

_POLL_SECONDS = 0.25
_MAX_LINES = 5000
_AGAIN = "retry: 1000\n\n"
_CHANGED = "event: changed\ndata: {}\n\n"
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class Pages:
    """Server-rendered pages; the log grows by server-sent events where there is JavaScript."""

    def __init__(
        self,
        store: Store,
        logs: Logs,
        addresses: SiteAddresses,
        github_url: str,
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
        self._templates = Environment(
            loader=PackageLoader("battleshiper.platform.web"), autoescape=True, undefined=StrictUndefined
        )
        self._assets = Assets()
        self._templates.globals["asset"] = self._assets.url

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        return [
            Route("/", self.show_projects),
            Route("/deployments/{id}", self.show_deployment),
            Route("/deployments/{id}/events", self.follow),
            *self._assets.routes(),
        ]

    def show_projects(self, request: Request) -> Response:
        """Every project, with where its site is."""
        projects = []
        for project in self._store.projects():
            latest = next(iter(self._store.deployments(project.id, limit=1)), None)
            projects.append(present_project(project, latest, self._addresses))
        offer = self._offer(request)
        return self._render("projects.html", projects=projects, github_url=self._github_url, offer=offer)

    def show_deployment(self, request: Request) -> Response:
        """One deployment: what, why, where, and its log."""
        try:
            deployment = self._store.deployment(request.path_params["id"])
            project = self._store.project(deployment.project_id)
        except MissingError:
            return self._render("missing.html", 404, why="There is no such deployment, or it was deleted.")
        lines = self._lines(deployment.id, 0)
        return self._render(
            "deployment.html",
            deployment=present_deployment(deployment, project),
            commit_url=f"{self._github_url}/{project.repository}/commit/{deployment.commit.sha}",
            duration=_duration(deployment),
            lines=lines,
            following=lines[-1].number + 1 if lines else 0,
        )

    def follow(self, request: Request) -> Response:
        """Server-sent events: each new line of the log, then `changed` once the state is another or the last."""
        try:
            deployment = self._store.deployment(request.path_params["id"])
        except MissingError:
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

    def _render(self, template: str, status: int = 200, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values), status, _HEADERS)


def _duration(deployment: Deployment) -> str:
    end: datetime | None = deployment.finished_at
    return f"{(end - deployment.created_at).total_seconds():.1f} s" if end else ""
