"""What answers at the platform's own address, but for webhooks."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from battleshiper.infra.aws.builds import LIMITS, Builds
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.github import connect, open_source
from battleshiper.infra.aws.keys import open_keys
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sealing import open_seal, open_variables
from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.variables import Variable
from battleshiper.infra.dashboard import Dashboard, SignIn
from battleshiper.platform.accounts.invitations import Invitations
from battleshiper.platform.functions.aws.streams import ServerStreams
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.claims import Claims
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.settings import SettingsDesk
from battleshiper.platform.pipeline.survey import Survey
from battleshiper.platform.uploads.s3 import S3Uploads
from battleshiper.platform.web.api import Api
from battleshiper.platform.web.claim import ClaimRoute
from battleshiper.platform.web.maintenance import Maintenance
from battleshiper.platform.web.services import Services
from battleshiper.platform.web.variables import VariablesApi

_CLIENT_LINES = 2
"""The id and the secret."""


class Website:
    """Makes the app. What holds no secret is made once."""

    def __init__(self, foundation: Foundation) -> None:
        """Nothing is asked of AWS yet; raises MissingVariableError."""
        self._foundation = foundation
        self._builds = Builds(foundation)
        self._sites = Sites(foundation)
        self._logs = open_logs(
            foundation, self._builds.streams, ServerStreams(foundation.clients.of("lambda"), foundation.store)
        )
        self._uploads = open_uploads(foundation)

    def app(self) -> Starlette:
        """Return the app with the secrets as they are now; raises SecretsError."""
        store, bus, clock = self._foundation.store, self._foundation.bus, self._foundation.clock
        operator_token = read_secret(self._foundation.secrets, SecretName.OPERATOR_TOKEN)
        keys = open_keys(self._foundation)
        source = open_source(self._foundation, connect(self._foundation))
        variables = open_variables(self._foundation)
        claims = Claims(store, source, self._sites.objects, self._uploads, variables, LIMITS, clock)
        operations = Operations(store, bus, self._sites.routing, self._builds.builder, keys.mint, self._sites.addresses)
        imports = Imports(store, source, keys.mint, Allowance(store, clock))
        aliasing = Aliasing(store, self._sites.routing, clock)
        services = Services(
            store,
            self._logs,
            self._sites.objects,
            operations,
            imports,
            variables,
            aliasing,
            BuildHooks(store, source, keys.mint, clock),
            SettingsDesk(store),
            Survey(source),
            self._foundation.dead_letters,
            self._sites.addresses,
            clock,
        )
        dashboard = self._open_dashboard(services)
        guard = dashboard.guard(operator_token)
        return Starlette(
            routes=[
                Route("/healthz", lambda _: PlainTextResponse("ok\n")),
                *ClaimRoute(claims).routes(),
                *Api(services, guard).routes(),
                *VariablesApi(variables, guard).routes(),
                *Maintenance(
                    self._foundation.dead_letters, keys, self._sites.routing, dashboard.administration, guard
                ).routes(),
                *dashboard.routes(Invitations(store, operator_token, clock), guard),
                guard.rest(),
            ]
        )

    def _open_dashboard(self, services: Services) -> Dashboard:
        told = self._foundation.surroundings
        client = (self._foundation.secrets.get(SecretName.GITHUB_CLIENT) or "").split()
        client_id, client_secret = client if len(client) == _CLIENT_LINES else ("", "")
        sign_in = SignIn(
            client_id,
            client_secret,
            told[Variable.GITHUB_URL],
            told[Variable.GITHUB_API_URL],
            told[Variable.BASE_URL],
            [int(id_) for id_ in told.text(Variable.ADMINISTRATORS).split(",") if id_.strip()],
        )
        return Dashboard(
            sign_in,
            services,
            open_seal(self._foundation),
            # Answers come in one piece here: what there is of a log is sent, and the browser asks for the rest.
            follow_seconds=0,
        )


def open_uploads(foundation: Foundation) -> S3Uploads:
    """Return what lets builds upload. In older regions botocore would sign a post with version 2, which new buckets
    refuse (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html)."""
    client = foundation.clients.of("s3", s3={"addressing_style": "virtual"}, signature_version="s3v4")
    return S3Uploads(client, foundation.surroundings[Variable.BUILDS_BUCKET], foundation.clock)
