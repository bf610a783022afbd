"""The platform's web with one project, for tests of its API."""

from datetime import UTC, datetime
from pathlib import Path

from front import COOKIE, Front
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.builder.fake import FakeBuilder
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.project import Installation
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.claims import Claims
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.pipeline.settings import SettingsDesk
from battleshiper.platform.pipeline.survey import Survey
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.source.fake import FakeSource
from battleshiper.platform.source.port import Repository
from battleshiper.platform.store.port import NewDeployment, NewProject
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.uploads.signed import SignedUploads
from battleshiper.platform.web.aliases_api import AliasesApi
from battleshiper.platform.web.api import Api
from battleshiper.platform.web.claim import ClaimRoute
from battleshiper.platform.web.hook_trigger import HookTrigger
from battleshiper.platform.web.hooks_api import HooksApi
from battleshiper.platform.web.rate import Rate
from battleshiper.platform.web.reference import Reference
from battleshiper.platform.web.services import Services
from battleshiper.platform.web.settings_api import SettingsApi
from battleshiper.platform.web.subscriptions_api import SubscriptionsApi
from battleshiper.platform.web.upload import UploadRoute
from battleshiper.platform.web.variables import VariablesApi

TOKEN = "operator"
HOSTILE = '<script>alert("x")</script>'


class Web:
    """The web with one project and one deployment."""

    def __init__(self, folder: Path, burst: int = 200) -> None:
        self.database = Database(folder / "battleshiper.db")
        bus = SqliteBus(self.database, now)
        self.store = SqliteStore(self.database, bus.enqueue, now)
        self.objects = FolderObjects(folder / "objects")
        self.logs = FileLogs(folder / "logs", now)
        self.uploads = SignedUploads("http://testserver/runner/uploads", now)
        self.source = source = FakeSource()
        source.repositories[7] = Repository("me/site", "main", None)
        addresses = SiteAddresses("http", "localhost", 8787)
        variables = ProjectVariables(self.store, Seal(lambda: "k" * 43), now)
        limits = BuildLimits(output_file_bytes=100)
        self.claims = Claims(self.store, source, self.objects, self.uploads, variables, limits, now)
        routing = Routing(self.store, self.objects, SqliteRoutes(self.database))
        operations = Operations(self.store, bus, routing, FakeBuilder(), lambda _: "ticket", addresses)
        allowance = Allowance(self.store, now)
        imports = Imports(self.store, source, lambda _: "ticket", allowance)
        self.hooks = BuildHooks(self.store, source, lambda _: "ticket", now)
        aliasing = Aliasing(self.store, routing, now)
        services = Services(
            self.store,
            self.logs,
            self.objects,
            operations,
            imports,
            variables,
            aliasing,
            self.hooks,
            SettingsDesk(self.store),
            Survey(source),
            bus,
            addresses,
            now,
        )
        self.front = Front(self.store, now, burst=burst)
        guard = self.front.guard
        self.app = Starlette(
            routes=[
                *ClaimRoute(self.claims).routes(),
                *UploadRoute(self.store, self.uploads, self.objects).routes(),
                *Api(services, guard).routes(),
                *AliasesApi(services, guard).routes(),
                *SettingsApi(services, guard).routes(),
                *HooksApi(services, guard, "http://testserver").routes(),
                *HookTrigger(self.hooks, Rate(now, 6, 6)).routes(),
                *VariablesApi(variables, guard).routes(),
                *SubscriptionsApi(self.store, allowance, Administration(self.store, now), guard).routes(),
                *Reference(guard, self.front.renderer, "http://testserver").routes(),
                guard.rest(),
                *self.front.assets.routes(),
            ]
        )
        self.client = self.browser(self.app)
        decision = Decision(Verdict.BUILD, "pushed to main", "p", "d")
        self.store.accept(
            Delivery("delivery", "push", "me/site", now(), (decision,)),
            installations=[Installation(1, 2, "me")],
            projects=[NewProject("p", ("site",), 1, 2, 7, "me/site")],
        )
        new = NewDeployment("d", "p", Commit("a" * 40, HOSTILE, HOSTILE), Environment.PRODUCTION, Origin.PUSH)
        self.deployment: Deployment = self.store.create_deployment(new)

    def browser(self, app: Starlette, **cookies: str) -> TestClient:
        """A browser of somebody who may see the project."""
        entered = self.front.admit(r7=Permission.READ)
        return TestClient(app, cookies={COOKIE: entered.new_cookie or "", **cookies})

    def api(self, method: str, path: str, token: str = TOKEN) -> tuple[int, object]:
        answer = self.client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()


def now() -> datetime:
    """Return what the clock shows."""
    return datetime.now(UTC)
