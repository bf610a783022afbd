"""The platform on one machine: every port with its embedded backend, put together here and nowhere else."""

import logging
import os
import secrets as randomness
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from battleshiper.bot.commands.actions import Actions
from battleshiper.bot.commands.handler import CommandHandler
from battleshiper.bot.commenter import Commenter
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError
from battleshiper.bot.patience import Patience
from battleshiper.bot.pull_view import PullView
from battleshiper.bot.redelivery import Redelivery
from battleshiper.bot.report import Reporter
from battleshiper.bot.rest import RestGitHub
from battleshiper.bot.rest_conversation import RestConversation
from battleshiper.bot.source import GitHubSource
from battleshiper.build_runner.operator_network import network_environment
from battleshiper.edge.local.app import LocalEdge
from battleshiper.edge.source import BOOTSTRAP
from battleshiper.infra.chore import Chore
from battleshiper.infra.dashboard import Dashboard, SignIn
from battleshiper.infra.local.connect.pages import CONNECT_PATH, ConnectPages
from battleshiper.infra.local.dispatch import Dispatch
from battleshiper.infra.local.population import forget_strangers
from battleshiper.infra.local.sandbox import choose_sandbox
from battleshiper.infra.local.settings import GitHubApp, Settings
from battleshiper.infra.local.upkeep import Upkeep
from battleshiper.platform.accounts.invitations import Invitations
from battleshiper.platform.builder.jobs import Jobs
from battleshiper.platform.builder.process import ProcessBuilder, RunnerProgram
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.functions.node import Nodes
from battleshiper.platform.functions.process import ProcessFunctions
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.instructions import CLAIM_PATH
from battleshiper.platform.model.role import Role
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.building import Building
from battleshiper.platform.pipeline.claims import Claims
from battleshiper.platform.pipeline.deploying import Deploying
from battleshiper.platform.pipeline.expiry import Expiry
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.lookout import Lookout
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.preparation import Preparation
from battleshiper.platform.pipeline.publishing import Publishing
from battleshiper.platform.pipeline.removal import Removal
from battleshiper.platform.pipeline.retention import Forgetting
from battleshiper.platform.pipeline.revival import Revival
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.pipeline.settings import SettingsDesk
from battleshiper.platform.pipeline.settling import Settling
from battleshiper.platform.pipeline.survey import Survey
from battleshiper.platform.pipeline.sweeping import Sweeper
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.sealing.seal import SEAL_KEY, Seal
from battleshiper.platform.secrets.files import FileSecrets
from battleshiper.platform.secrets.port import OPERATOR_TOKEN
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.uploads.signed import SignedUploads
from battleshiper.platform.web.api import Api
from battleshiper.platform.web.claim import ClaimRoute
from battleshiper.platform.web.invitation import invitation_path
from battleshiper.platform.web.maintenance import Maintenance
from battleshiper.platform.web.services import Services
from battleshiper.platform.web.upload import UPLOADS_PATH, UploadRoute
from battleshiper.platform.web.variables import VariablesApi
from battleshiper.webhooks.ingress import Webhooks
from battleshiper.webhooks.missed_push import MissedPushes

_log = logging.getLogger(__name__)

_NOT_ENCRYPTED = (
    "The platform is reached by http: whoever is on the way reads the cookies of those who have signed in. Put a "
    "reverse proxy with https before it, and set BATTLESHIPER_BASE_URL to its address."
)
_ROUNDS_PER_REDELIVERY = 10
_ROUNDS_PER_FORGETTING = 60
_ROUNDS_PER_EXPIRY = 10
# What a program of ours needs of our environment, besides how the network is reached.
_PASSED_ON = ("HOME", "LANG", "PATH")


class Machine:
    """One machine's platform. `start` begins to work and `app` answers; `close` ends both."""

    def __init__(
        self,
        settings: Settings,
        github: GitHubApp,
        environment: Mapping[str, str] = os.environ,
        connect: ConnectPages | None = None,
    ) -> None:
        """Open the data directory, which the caller has locked. `connect` lets the operator make an App. Raises
        DatabaseError, SecretsError, SandboxError, or the webhooks' error for an empty secret."""
        data = settings.data_dir
        self._sandbox = choose_sandbox(unsafe=settings.unsafe_builds)
        self._database = Database(data / "battleshiper.db")
        self._bus = SqliteBus(self._database, _now)
        store = SqliteStore(self._database, self._bus.enqueue, _now)
        secrets = FileSecrets(data / "secrets")
        objects = FolderObjects(data / "objects")
        routes = SqliteRoutes(self._database)
        logs = FileLogs(data / "logs", _now)
        limits = settings.builds.limits
        addresses = SiteAddresses(settings.sites_scheme, settings.sites_domain, settings.sites_port)

        keys = RotatingKeys(secrets, _now)
        mint = keys.mint
        gate = Gate(keys.verifying, store, _now)
        self._github = connection = Connection(github.app_id, github.private_key, github.api_url)
        source = GitHubSource(connection, github.url)
        uploads = SignedUploads(settings.own_url + UPLOADS_PATH, _now)
        seal = Seal(lambda: secrets.get_or_create(SEAL_KEY, lambda: randomness.token_urlsafe(32)))
        variables = ProjectVariables(store, seal, _now)
        claims = Claims(store, source, objects, uploads, variables, limits, _now)

        program = RunnerProgram.of_this_python(
            claim_url=settings.own_url + CLAIM_PATH,
            work_dir=data / "work",
            cache_dir=data / "cache",
            log_path=lambda deployment_id: logs.path(deployment_id, LogKind.BUILD),
            passed_on={
                **network_environment(_without_proxy_for(settings.names, environment)),
                **{name: environment[name] for name in _PASSED_ON if name in environment},
            },
            unsafe=settings.unsafe_builds,
        )
        jobs = Jobs(self._database, self._bus.enqueue)
        self._builder = ProcessBuilder(jobs, program, claims.issue, concurrent=settings.concurrent_builds)
        nodes = Nodes(data / "cache" / "tools")
        self._functions = ProcessFunctions(
            data / "functions", self._sandbox, logs, bootstrap=BOOTSTRAP, node=nodes.choose
        )
        self._routing = routing = Routing(store, objects, routes)
        publishing = Publishing(store, objects, self._functions, variables, routing, addresses)
        operations = Operations(store, self._bus, routing, self._builder, mint, addresses)
        aliasing = Aliasing(store, routing, _now)
        sweeper = Sweeper(store, self._builder, objects, self._bus.dead_letters, _now)
        redelivery = Redelivery(connection, _now)
        lookout = Lookout(store, self._bus, source, mint, MissedPushes(store, mint, _now).hear, _now)
        forgetting = Forgetting(store, self._bus, logs, timedelta(days=settings.retention_days), _now)

        expiry = Expiry(store, routing, self._functions, objects, logs, settings.keeping, _now)
        removal = Removal(store, gate, self._builder, routing, self._functions, objects, logs, _now)

        def log_url(deployment: Deployment) -> str:
            return f"{settings.base_url}/deployments/{deployment.id}"

        patience = Patience(_now, connection.pace)
        reporter = Reporter(store, RestGitHub(connection), self._bus, log_url, patience)
        view = PullView(store, objects, logs, addresses, log_url)
        conversation = RestConversation(connection, github.app_id)
        commenter = Commenter(store, conversation, view, patience)
        actions = Actions(store, operations, logs, _now)
        commands = CommandHandler(store, gate, conversation, actions, patience, _now)
        allowance = Allowance(store, _now)
        subscribe = self._bus.subscribe
        subscribe(EventType.INIT, Preparation(store, self._bus, gate, mint, source, self._builder, _now).prepare)
        subscribe(EventType.BUILD, Building(store, gate, self._bus, self._builder, allowance, limits).build)
        subscribe(EventType.DEPLOY, Deploying(store, gate, objects, publishing, logs, allowance, limits).deploy)
        subscribe(EventType.DELETE, removal.remove)
        subscribe(EventType.SETTLE, Settling(store, gate, self._builder, routing).settle)
        subscribe(EventType.DEPLOYMENT_CHANGED, reporter.report)
        subscribe(EventType.PULL_CHANGED, commenter.comment)
        subscribe(EventType.COMMAND, commands.handle)

        self._upkeep = Upkeep(
            (
                Chore("the sweep of lost deployments", sweeper.sweep),
                Chore("the removal of what deleted projects left", removal.clear),
                Chore("the release of hostnames", aliasing.clear, every=_ROUNDS_PER_EXPIRY),
                Chore("the rotation of the ticket keys", keys.rotate_old),
                Chore("the forgetting of what is old", forgetting.forget, every=_ROUNDS_PER_FORGETTING),
                Chore("the expiry of old deployments", expiry.expire, every=_ROUNDS_PER_EXPIRY),
                Chore("the revival of news", Revival(store, self._bus, _now).revive, every=_ROUNDS_PER_FORGETTING),
                Chore("the search for lost pushes", lookout.look),
                Chore("the search for lost webhooks", lambda: _redeliver(redelivery), every=_ROUNDS_PER_REDELIVERY),
            )
        )

        # The stand-in's port may be another each time; it is the same people's all the same.
        forget_strangers(store, secrets, github.url if settings.github else "the stand-in")
        operator_token = secrets.get_or_create(OPERATOR_TOKEN, lambda: randomness.token_urlsafe(32))
        self._invitations = Invitations(store, operator_token, _now)
        self._store = store
        self._settings = settings
        sign_in = SignIn(
            github.client_id,
            github.client_secret,
            github.url,
            github.api_url,
            settings.base_url,
            settings.administrators,
        )
        hooks = BuildHooks(store, source, mint, _now)
        imports = Imports(store, source, mint, allowance)
        desk = SettingsDesk(store)
        work = (operations, imports, variables, aliasing, hooks, desk, Survey(source))
        services = Services(store, logs, objects, *work, self._bus, addresses, _now)
        self._dashboard = dashboard = Dashboard(sign_in, services, seal, offer=_offer(connect))
        guard = dashboard.guard(operator_token)
        rest = Starlette(
            routes=[
                Route("/healthz", lambda _: PlainTextResponse("ok\n")),
                *ClaimRoute(claims).routes(),
                *UploadRoute(store, uploads, objects).routes(),
                *Api(services, guard).routes(),
                *VariablesApi(variables, guard).routes(),
                *Maintenance(self._bus, keys, routing, dashboard.administration, guard).routes(),
                *(connect.routes() if connect else ()),
                *dashboard.routes(self._invitations, guard),
                guard.rest(),
            ]
        )
        platform = Webhooks(github.webhook_secrets, github.app_id, store, mint, _now).before(rest)
        edge = LocalEdge(
            sites_domain=settings.sites_domain,
            get=routes.get,
            objects=data / "objects",
            functions=self._functions,
            trusted_proxies=settings.trusted_proxies,
        )
        self.app: ASGIApp = Dispatch(platform, edge, settings.sites_domain, settings.names)

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What is less safe here than it could be, one sentence each."""
        weaknesses = self._sandbox.weaknesses
        is_readable = self._settings.is_public and self._settings.base_url.startswith("http:")
        return (*weaknesses, _NOT_ENCRYPTED) if is_readable else weaknesses

    @property
    def invitation_url(self) -> str | None:
        """A link for whoever is to administer the platform, None where somebody does."""
        is_run = any(Role.ROLE_MANAGER in account.roles for account in self._store.accounts())
        if is_run or self._settings.administrators:
            return None
        return self._settings.base_url + invitation_path(self._invitations.issue())

    def start(self) -> None:
        """Begin to work, first on what an earlier process left."""
        self._routing.repair()
        self._builder.start()
        self._bus.start()
        self._upkeep.start()

    def close(self) -> None:
        """Stop. What is unfinished goes on at the next start."""
        self._upkeep.close()
        self._bus.close()
        self._builder.close()
        self._functions.close()
        self._github.close()
        self._dashboard.close()
        self._database.close()


def _offer(connect: ConnectPages | None) -> Callable[[Request], str]:
    return lambda request: CONNECT_PATH if connect is not None and connect.is_offered(request) else ""


def _redeliver(redelivery: Redelivery) -> None:
    try:
        redelivery.redeliver()
    except GitHubError as error:
        _log.warning("GitHub was not asked for what it failed to deliver: %s", error)


def _without_proxy_for(names: Collection[str], environment: Mapping[str, str]) -> dict[str, str]:
    """What is on this machine, the platform and a stand-in, is not asked through the operator's proxy."""
    given = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    spared = ",".join(filter(None, (given, "localhost", "127.0.0.1", *sorted(names))))
    return {**environment, "NO_PROXY": spared, "no_proxy": spared}


def _now() -> datetime:
    return datetime.now(UTC)
