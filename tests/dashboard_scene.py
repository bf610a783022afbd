"""A platform's memory with sites in it, and its pages as somebody sees them who may change some of them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from front import URL, Front
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.builder.fake import FakeBuilder
from battleshiper.platform.bus.port import Handler
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.hostname import branch_label, deployment_label
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.reach import Permission, Reach
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses, record_key
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.pipeline.settings import SettingsDesk
from battleshiper.platform.pipeline.survey import Survey
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.source.fake import FakeSource
from battleshiper.platform.store.port import NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.web.operators.projects import ProjectPages
from battleshiper.platform.web.operators.subscriptions import SubscriptionPages
from battleshiper.platform.web.operators.work import WorkPages
from battleshiper.platform.web.pages import Pages
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.services import Services
from battleshiper.platform.web.sign_in import SignInPages
from battleshiper.platform.web.token_pages import TokenPages
from battleshiper.platform.web.user_pages import UserPages

_WAYS = {
    State.AWAITING_APPROVAL: (),
    State.QUEUED: (),
    State.DEPLOYING: (State.BUILDING, State.DEPLOYING),
    State.FAILED: (State.BUILDING, State.FAILED),
}
"""What a deployment goes through to come to a state, where it is not one step."""


class PublishedEvents:
    """A bus that keeps what is published."""

    def __init__(self) -> None:
        self.published: list[Event] = []

    def publish(self, events: Sequence[Event]) -> None:
        """Keep them."""
        self.published.extend(events)

    def subscribe(self, event_type: EventType, handler: Handler) -> None:
        """Nobody is told."""


class Scene:
    """The pages, and what they show. Its clock stands still until it is moved."""

    def __init__(self, folder: Path, url: str = URL) -> None:
        self.url = url
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.database = Database(folder / "battleshiper.db")
        bus = SqliteBus(self.database, self.clock)
        self.store = store = SqliteStore(self.database, bus.enqueue, self.clock)
        self.objects = FolderObjects(folder / "objects")
        self.logs = FileLogs(folder / "logs", self.clock)
        self.addresses = SiteAddresses("http", "localhost", 8787)
        self.routing = Routing(store, self.objects, SqliteRoutes(self.database))
        self.builder = FakeBuilder()
        self.bus = PublishedEvents()
        self.operations = Operations(store, self.bus, self.routing, self.builder, lambda _: "ticket", self.addresses)
        self.variables = ProjectVariables(store, Seal(lambda: "k" * 43), self.clock)
        self.source = FakeSource()
        imports = Imports(store, self.source, lambda _: "ticket", Allowance(store, self.clock))
        self.services = Services(
            store,
            self.logs,
            self.objects,
            self.operations,
            imports,
            self.variables,
            Aliasing(store, self.routing, self.clock),
            BuildHooks(store, self.source, lambda _: "ticket", self.clock),
            SettingsDesk(store),
            Survey(self.source),
            bus,
            self.addresses,
            self.clock,
        )
        self.front = Front(store, self.clock, url)
        self.entered = self.front.admit()
        self.app = Starlette(routes=self.routes())
        self._commits = 0

    def clock(self) -> datetime:
        """Return the time of the scene."""
        return self.now

    def routes(self, **options: Any) -> list[BaseRoute]:
        """Return the pages and the signing out."""
        front = self.front
        pages = Pages(
            self.services,
            "https://github.example",
            self.url,
            front.door,
            front.renderer,
            **options,
        )
        view, administration = View(front.renderer), Administration(self.store, self.clock)
        return [
            *pages.routes(),
            *UserPages(administration, front.door, view).routes(),
            *SubscriptionPages(self.store, administration, front.door, view).routes(),
            *WorkPages(self.store, self.services.dead_letters, administration, front.door, view).routes(),
            *ProjectPages(self.store, front.door, view).routes(),
            *TokenPages(front.tokens, self.store, front.door, front.renderer).routes(),
            *SignInPages(front.entrance, front.door, front.renderer, self.url).routes(),
            *front.assets.routes(),
        ]

    @property
    def cookie(self) -> str:
        """What the person's browser has kept."""
        return self.entered.new_cookie or ""

    def allow(self, project: Project, permission: Permission | None) -> None:
        """Let GitHub say from now on what the person may do in a project's repository."""
        allowed = self.front.provider.allowed[self.entered.account.id]
        allowed.pop(project.repository_id, None)
        if permission is not None:
            allowed[project.repository_id] = permission
        self.store.keep_reach(self.entered.account.id, Reach(dict(allowed), self.now))

    @property
    def queued(self) -> set[str]:
        """What kinds of events wait."""
        return self.database.read(
            lambda connection: {kind for (kind,) in connection.execute("SELECT type FROM events").fetchall()}
        )

    @property
    def deletions(self) -> list[str]:
        """The ids of the projects whose end was asked for."""
        return [event.detail["project"] for event in self.bus.published if event.type is EventType.DELETE]

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def add_project(self, name: str, permission: Permission | None = Permission.WRITE) -> Project:
        """Add a project, in whose repository the person may do so much."""
        number = 10 + len(self.store.projects())
        project = self.store.create_project(NewProject(f"p{number}", (name,), 1, 2, number, f"me/{name}"))
        self.allow(project, permission)
        return project

    def add_deployment(
        self,
        project: Project,
        state: State = State.QUEUED,
        *,
        message: str = "Say hello",
        author: str = "ada",
        branch: str = "main",
        reason: str = "",
        seconds: float = 7,
        origin: Origin = Origin.PUSH,
        routes: tuple[str, ...] | None = None,
        files: Sequence[tuple[str, int]] = (("client/index.html", 1200), ("client/app.js", 30_500)),
    ) -> Deployment:
        """Add a deployment that has come as far as `state`, each step taking `seconds`."""
        self._commits += 1
        environment = Environment.PRODUCTION if branch == "main" else Environment.PREVIEW
        before = "0" * 40 if self._commits == 1 else _sha(self._commits - 1)
        commit = Commit(_sha(self._commits), branch, message, author, before, int(self.now.timestamp()))
        first = State.AWAITING_APPROVAL if state is State.AWAITING_APPROVAL else State.QUEUED
        new = NewDeployment(
            f"d{self._commits}", project.id, commit, environment, origin, first, reason if first is state else ""
        )
        deployment = self.store.create_deployment(new)
        if state is State.READY:
            for step in (State.BUILDING, State.DEPLOYING):
                deployment = self._advance(deployment, step, seconds)
            return self._go_live(project, deployment, seconds, routes, files)
        for step in _WAYS.get(state, (state,)):
            deployment = self._advance(deployment, step, seconds, reason if step is state else "")
        return deployment

    def _advance(self, deployment: Deployment, state: State, seconds: float, reason: str = "") -> Deployment:
        self.now += timedelta(seconds=seconds)
        self.logs.append(deployment.id, LogKind.BUILD, f"{state.value} {deployment.commit.message}")
        return self.store.advance(deployment, state, reason=reason)

    def _go_live(
        self,
        project: Project,
        deployment: Deployment,
        seconds: float,
        routes: tuple[str, ...] | None,
        files: Sequence[tuple[str, int]],
    ) -> Deployment:
        self.now += timedelta(seconds=seconds)
        listed = tuple(
            ManifestFile(path=path, bytes=size, sha256="0" * 64, content_type=_type(path)) for path, size in files
        )
        manifest = Manifest(files=listed, routes=routes)
        function = "1" if manifest.function else None
        record = Publication(
            project_id=project.id,
            deployment_id=deployment.id,
            manifest=manifest,
            spa_fallback=None,
            function=function,
        )
        key = record_key(project.id, deployment.id)
        self.objects.put(key, BytesIO(json.dumps(record.model_dump()).encode()), "application/json")
        own = deployment_label(project.name, deployment.id)
        moving = [branch_label(project.name, deployment.commit.branch)]
        is_production = deployment.environment is Environment.PRODUCTION
        url = self.addresses.url(project.name if is_production else own)
        moving += [project.name] if is_production else []
        return self.store.go_live(deployment, own=own, moving=moving, url=url, function=function)


def _sha(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()[:40]


def _type(path: str) -> str:
    known = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    return known.get(Path(path).suffix, "application/octet-stream")
