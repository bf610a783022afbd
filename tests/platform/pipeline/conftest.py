"""A pipeline on the embedded store and bus, with the builder, the functions and GitHub faked."""

import asyncio
import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from battleshiper.platform.builder.fake import FakeBuilder
from battleshiper.platform.builder.port import JobEnd, JobStatus
from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.functions.fake import FakeFunctions
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.model.access import RepositoryFacts
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.project import Installation, Project
from battleshiper.platform.model.pull_request import Retirement
from battleshiper.platform.model.result import RESULT_KEY, BuildResult
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.building import Building
from battleshiper.platform.pipeline.claims import Claims
from battleshiper.platform.pipeline.deploying import Deploying
from battleshiper.platform.pipeline.expiry import Expiry
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses, build_prefix
from battleshiper.platform.pipeline.preparation import Preparation
from battleshiper.platform.pipeline.publishing import Publishing
from battleshiper.platform.pipeline.removal import Removal
from battleshiper.platform.pipeline.requests import build_request, delete_request, init_request, settle_request
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.pipeline.settling import Settling
from battleshiper.platform.pipeline.sweeping import Sweeper
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.source.fake import FakeSource
from battleshiper.platform.source.port import Head, Repository
from battleshiper.platform.store.port import Acceptance, NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import KeyRing, verifying_keys
from battleshiper.platform.tickets.mint import Mint
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.platform.uploads.signed import SignedUploads

REPOSITORY_ID = 7
SHA = "a" * 40


class World:
    """Everything that a pipeline test touches."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.database = Database(folder / "battleshiper.db")
        self.bus = SqliteBus(self.database, self.clock)
        self.store = SqliteStore(self.database, self.bus.enqueue, self.clock)
        self.objects = FolderObjects(folder / "objects")
        self.routes = SqliteRoutes(self.database)
        self.logs_folder = folder / "logs"
        self.logs = FileLogs(self.logs_folder, self.clock)
        self.ended: set[str] = set()
        self.published: list[Event] = []
        self.dead: list[DeadLetter] = []
        self.builder, self.functions, self.source = FakeBuilder(), FakeFunctions(), FakeSource()
        ring = KeyRing.new()
        self.mint = Mint(ring, self.clock).mint
        gate = Gate(lambda: verifying_keys(ring, self.clock()), self.store, self.clock)
        limits = BuildLimits()
        addresses = SiteAddresses("http", "localhost", 8787)
        self.variables = ProjectVariables(self.store, Seal(lambda: "k" * 43), self.clock)
        self.routing = Routing(self.store, self.objects, self.routes)
        publishing = Publishing(self.store, self.objects, self.functions, self.variables, self.routing, addresses)
        uploads = SignedUploads("http://localhost/runner/uploads", self.clock)
        self.preparation = Preparation(self.store, self.bus, gate, self.mint, self.source, self.builder, self.clock)
        self.allowance = Allowance(self.store, self.clock)
        self.building = Building(self.store, gate, self, self.builder, self.allowance, limits)
        self.deploying = Deploying(self.store, gate, self.objects, publishing, self.logs, self.allowance, limits)
        self.removal = Removal(
            self.store, gate, self.builder, self.routing, self.functions, self.objects, self.logs, self.clock
        )
        self.expiry = self.expiry_of(Keeping(timedelta(days=30), 2))
        self.operations = Operations(self.store, self.bus, self.routing, self.builder, self.mint, addresses)
        self.claims = Claims(self.store, self.source, self.objects, uploads, self.variables, limits, self.clock)
        self.settling = Settling(self.store, gate, self.builder, self.routing)
        self.sweeper = Sweeper(self.store, self.builder, self.objects, lambda: self.dead, self.clock)
        self.source.repositories[REPOSITORY_ID] = Repository("me/site", "main", Head(SHA, "First", "me"))

    def expiry_of(self, keeping: Keeping, turns: int = 1) -> Expiry:
        """Return what lets deployments expire by other rules."""
        return Expiry(
            self.store,
            self.routing,
            self.functions,
            self.objects,
            self.logs,
            keeping,
            self.clock,
            turns=turns,
        )

    def clock(self) -> datetime:
        """Return a time that is later with every call."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def project(self) -> Project:
        """Return the one project, made at the first call."""
        found = self.store.projects_of_repository(REPOSITORY_ID)
        if not found:
            self.store.accept(
                Delivery(new_identifier(), "installation.created", None, self.clock(), ()),
                installations=[Installation(1, 2, "me")],
                projects=[NewProject(new_identifier(), ("site",), 1, 2, REPOSITORY_ID, "me/site")],
            )
            found = self.store.projects_of_repository(REPOSITORY_ID)
            self.tell(repositories=[RepositoryFacts(REPOSITORY_ID, "me/site", "main", False, False, told_at=0)])
            return self.store.follow(found[0].id)
        return found[0]

    def push(self, sha: str = SHA, branch: str = "main") -> tuple[Deployment, Event]:
        """Queue a deployment and return it with its build event."""
        project = self.project()
        environment = Environment.PRODUCTION if branch == "main" else Environment.PREVIEW
        new = NewDeployment(new_identifier(), project.id, Commit(sha, branch), environment, Origin.PUSH)
        request = build_request(self.mint, project.id, new.id, source=Requester.WEBHOOK, user=3)
        return self.store.create_deployment(new), request

    def build(self, sha: str = SHA, branch: str = "main") -> Deployment:
        """Push and bring the deployment as far as `building`."""
        deployment, request = self.push(sha, branch)
        self.building.build(request)
        self.claims.spend(self.claims.issue(deployment.id))
        return self.store.deployment(deployment.id)

    def upload(self, deployment: Deployment, files: dict[str, bytes], **changes: object) -> None:
        """Leave what a build that went well leaves."""
        prefix = build_prefix(deployment.project_id, deployment.id)
        entries = []
        for path, body in files.items():
            self.objects.put(prefix + path, io.BytesIO(body), "text/html")
            entries.append(
                ManifestFile(
                    path=path, bytes=len(body), sha256=hashlib.sha256(body).hexdigest(), content_type="text/html"
                )
            )
        values: dict[str, object] = {"deployment_id": deployment.id, "manifest": Manifest(files=tuple(entries))}
        self.result(deployment, BuildResult.model_validate({**values, **changes}))

    def result(self, deployment: Deployment, result: BuildResult) -> None:
        """Leave a result."""
        key = build_prefix(deployment.project_id, deployment.id) + RESULT_KEY
        self.objects.put(key, io.BytesIO(result.model_dump_json().encode()), "application/json")

    def end(self, deployment: Deployment, status: JobStatus = JobStatus.SUCCEEDED, reason: str = "") -> Event:
        """Return the event with which the deployment's job ends."""
        ticket = self.builder.jobs[deployment.id].deploy_ticket
        self.ended.add(deployment.id)
        end = JobEnd(deployment.id, deployment.project_id, ticket, status, reason)
        return Event(EventType.DEPLOY, end.to_detail())

    def deploy(self, sha: str = SHA, branch: str = "main", files: dict[str, bytes] | None = None) -> Deployment:
        """Bring a push all the way."""
        deployment = self.build(sha, branch)
        self.upload(deployment, files or {"client/index.html": sha.encode()})
        self.deploying.deploy(self.end(deployment))
        return self.store.deployment(deployment.id)

    def tell(self, **brought: object) -> None:
        """Record a delivery with what it brings."""
        delivery = Delivery(new_identifier(), "pull_request", None, self.clock(), ())
        asyncio.run(self.store.decide_soon(delivery.id, lambda _: Acceptance(delivery, **brought)))  # type: ignore[arg-type]

    def publish(self, events: Sequence[Event]) -> None:
        """Keep what is put on the bus."""
        self.published += events

    def retire(self, branch: str, reason: str = "Pull request #7 was closed.") -> None:
        """Note that a branch is retired."""
        self.project()
        self.tell(retirements=[Retirement(REPOSITORY_ID, branch, reason, 0)])

    def bring_back(self, branch: str) -> None:
        """Note that a branch is shown again."""
        self.tell(brought_back=[(REPOSITORY_ID, branch)])

    def settle(self, branch: str) -> Event:
        """Ask for the settle step, let it run and return the event."""
        event = settle_request(self.mint, self.project().id, branch, source=Requester.WEBHOOK, user=3)
        self.settling.settle(event)
        return event

    def look(self, project_id: str | None = None, *, installation_id: int = 1) -> Event:
        """Return the event that asks how the repository stands."""
        return init_request(
            self.mint,
            self.project().id if project_id is None else project_id,
            installation_id=installation_id,
            repository_id=REPOSITORY_ID,
            source=Requester.WEBHOOK,
            user=3,
        )

    def all_routes(self) -> dict[str, str]:
        """Return every route that is kept."""
        return dict(self.database.read(lambda connection: connection.execute("SELECT * FROM routes").fetchall()))

    def left_logs(self) -> list[str]:
        """Return the ids of the deployments that have logs."""
        return [path.name for path in self.logs_folder.iterdir()] if self.logs_folder.exists() else []

    def delete(self) -> Event:
        """Return the event that asks for the project's end."""
        return delete_request(self.mint, self.project().id, source=Requester.OPERATOR, user=0)

    def shown(self, label: str) -> str | None:
        """Return the id of the deployment that a label points to."""
        return next((alias.deployment_id for alias in self.store.aliases() if alias.label == label), None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.bus.close()
    made.database.close()
