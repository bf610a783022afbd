"""The stack: the whole platform, put together."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Environment, Stack, Tags
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.stack.builds import Builds
from battleshiper.infra.aws.stack.data import Data
from battleshiper.infra.aws.stack.domain import Domain
from battleshiper.infra.aws.stack.domains import Certificates
from battleshiper.infra.aws.stack.function import Functions
from battleshiper.infra.aws.stack.granting import grant
from battleshiper.infra.aws.stack.internal import Internal
from battleshiper.infra.aws.stack.logs import log_group
from battleshiper.infra.aws.stack.network import Network
from battleshiper.infra.aws.stack.observability import Observability
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.aws.stack.outputs import tell
from battleshiper.infra.aws.stack.pipeline import Pipeline
from battleshiper.infra.aws.stack.places import places_of
from battleshiper.infra.aws.stack.release import Release
from battleshiper.infra.aws.stack.roles import allow, service_role
from battleshiper.infra.aws.stack.shapes import FunctionName, Package
from battleshiper.infra.aws.stack.sites import Sites
from battleshiper.infra.aws.stack.waking import Waking
from battleshiper.infra.aws.variables import LOGS_PREFIX, SECRETS_PREFIX, Variable


class Platform(Stack):
    """The whole platform. `certificates` has an ARN for each domain's name; without it they are made here, if they have
    to be made. `packages` has a zip for each package, `image_folder` what the build image is made from."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        options: Options,
        domains: tuple[Domain, Domain],
        certificates: Mapping[str, str] | None,
        packages: Mapping[Package, Path],
        image_folder: Path,
    ) -> None:
        super().__init__(
            scope,
            id,
            description="Battleshiper: push to GitHub, get a deployment",
            env=Environment(region=options.region),
            # Only to a stack of certificates in another region.
            cross_region_references=True,
        )
        Tags.of(self).add("application", "battleshiper")
        days = options.retention_days
        self._options = options
        self.data = Data(self, "Data")
        self.network = Network(self, "Network", builds=self.data.builds, log_days=days)
        self.builds = Builds(
            self,
            "Builds",
            network=self.network,
            image_folder=image_folder,
            most_vcpus=options.most_vcpus,
            log_days=days,
        )
        self.deploy_log = log_group(self, "DeployLogs", "deploys", days)
        self.server_log = log_group(self, "ServerLogs", "server", days)
        self.site_role = self._make_site_role()
        bus = events.EventBus(self, "Bus", description="Battleshiper: events of the pipeline")
        self.functions = Functions(packages, self._environment(bus), days)
        self.pipeline = Pipeline(self, "Pipeline", bus=bus)
        certificates = certificates or Certificates(self, "Certificates", domains).arns
        secret = self.data.reference(SecretName.ORIGIN_SECRET)
        self.sites = Sites(
            self,
            "Sites",
            domain=options.sites_domain,
            certificate=certificates["Sites"],
            bucket=self.data.sites,
            routes=self.data.routes,
            access_logs=self.data.access_logs,
            origin_secret=secret,
            functions=self.functions,
        )
        deploying = {
            Variable.DISTRIBUTION: self.sites.distribution_arn,
            Variable.FUNCTION_ROLE: self.site_role.role_arn,
        }
        self.pipeline.add_steps(self.functions, {FunctionName.DEPLOY: deploying})
        self.pipeline.add_job_ends(self.builds.queues)
        self.pipeline.add_sweeper(self.functions)
        self.internal = Internal(
            self,
            "Internal",
            domain=options.platform_domain,
            certificate=certificates["Platform"],
            assets=self.data.assets,
            access_logs=self.data.access_logs,
            origin_secret=secret,
            functions=self.functions,
            log_days=days,
        )
        Waking(
            self,
            "Waking",
            functions=[self.internal.webhook, self.internal.web, self.sites.router],
            dead_letters=self.pipeline.undelivered,
        )
        self._observe_and_release()
        grant(self.functions.made.values(), places_of(self))
        tell(self, domains)

    def _environment(self, bus: events.EventBus) -> dict[Variable, str]:
        """Return what every function is told."""
        options, queues = self._options, self.builds.queues
        return {
            Variable.TABLE: self.data.table.table_name,
            Variable.BUS: bus.event_bus_name,
            Variable.BUILDS_BUCKET: self.data.builds.bucket_name,
            Variable.SITES_BUCKET: self.data.sites.bucket_name,
            Variable.KEY_VALUE_STORE: self.data.routes.key_value_store_arn,
            Variable.JOB_QUEUE: queues.spot.attr_job_queue_arn,
            Variable.JOB_QUEUE_ON_DEMAND: queues.on_demand.attr_job_queue_arn,
            Variable.JOB_DEFINITION: self.builds.definition.ref,
            Variable.SECRETS_PREFIX: SECRETS_PREFIX,
            Variable.LOGS_PREFIX: LOGS_PREFIX,
            Variable.SITES_DOMAIN: options.sites_domain,
            Variable.BASE_URL: options.base_url,
            Variable.GITHUB_URL: options.github_url,
            Variable.GITHUB_API_URL: options.github_api_url,
            Variable.GITHUB_APP_ID: options.github_app_id,
            Variable.ADMINISTRATORS: options.administrators,
            Variable.RETENTION_DAYS: str(options.retention_days),
            Variable.PREVIEW_DAYS: str(options.preview_days),
            Variable.PRODUCTION_DEPLOYMENTS: str(options.production_deployments),
        }

    def _make_site_role(self) -> iam.Role:
        """Return the role that all sites' functions have: they may write their logs and do nothing else."""
        role = service_role(self, "SiteRole", "lambda", "Functions of sites: may write their logs")
        allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], self.server_log.log_group_arn)
        return role

    def _observe_and_release(self) -> None:
        self.observability = Observability(self, "Observability", email=self._options.alarm_email)
        alarms = self.observability.watch_functions(self.functions.made.values())
        self.observability.watch_queues(self.pipeline.queues, self.pipeline.dead_letters)
        self.observability.watch_platform()
        self.observability.limit_costs(self._options.monthly_budget_usd)
        self.release = Release(
            self,
            "Release",
            web=self.internal.web,
            before=self.internal.assets_before,
            after=self.internal.assets_after,
            alarm=alarms[FunctionName.WEB],
        )
