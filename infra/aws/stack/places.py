"""Where the places of the permissions table are in the stack."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.stack.function import PythonFunction
from battleshiper.infra.aws.stack.granting import Places
from battleshiper.infra.aws.stack.place import Place
from battleshiper.platform.store.dynamodb.table import LISTINGS

if TYPE_CHECKING:
    from battleshiper.infra.aws.stack.platform import Platform

SITE_FUNCTION_PATTERN = "battleshiper-" + "?" * 10
"""The functions of sites: our word and a project's id. Ours begin with the stack's name, which has a capital letter."""


def places_of(stack: "Platform") -> Callable[[PythonFunction], Places]:
    """Return what tells the ARNs of a function's places."""
    data, builds = stack.data, stack.builds
    shared: Places = {
        Place.TABLE: [data.table.table_arn],
        Place.LISTINGS: [f"{data.table.table_arn}/index/{LISTINGS}"],
        Place.BUS: [stack.pipeline.bus.event_bus_arn],
        Place.ROUTES: [data.routes.key_value_store_arn],
        Place.BUILDS_BUCKET: [data.builds.bucket_arn],
        Place.BUILD_FILES: [data.builds.arn_for_objects("builds/*")],
        Place.SITES_BUCKET: [data.sites.bucket_arn],
        Place.SITE_FILES: [data.sites.arn_for_objects("sites/*")],
        Place.SITE_RECORDS: [data.sites.arn_for_objects("records/*")],
        Place.ASSETS_BUCKET: [data.assets.bucket_arn],
        Place.ASSETS: [data.assets.arn_for_objects("static/*")],
        Place.QUEUES: [builds.queues.spot.attr_job_queue_arn, builds.queues.on_demand.attr_job_queue_arn],
        Place.DEFINITION: [builds.definition.ref],
        Place.JOBS: [_arn(stack, "batch", "job/*")],
        Place.EVERY_JOB: ["*"],
        Place.SITE_FUNCTIONS: [
            _arn(stack, "lambda", f"function:{SITE_FUNCTION_PATTERN}"),
            _arn(stack, "lambda", f"function:{SITE_FUNCTION_PATTERN}:*"),
        ],
        Place.SITE_FUNCTION_ROLE: [stack.site_role.role_arn],
        Place.BUILD_LOG: [builds.log_group.log_group_arn],
        Place.DEPLOY_LOG: [stack.deploy_log.log_group_arn],
        Place.SERVER_LOG: [stack.server_log.log_group_arn],
        Place.DEPLOYMENT_GROUP: [stack.release.group.deployment_group_arn],
        Place.SIGNING_KEYS: [data.secrets[SecretName.TICKET_KEYS].attr_id],
        Place.PUBLIC_KEYS: [data.secrets[SecretName.TICKET_PUBLIC_KEYS].attr_id],
        Place.OPERATOR_TOKEN: [data.secrets[SecretName.OPERATOR_TOKEN].attr_id],
        Place.VARIABLES_KEY: [data.secrets[SecretName.VARIABLES_KEY].attr_id],
        Place.GITHUB_KEY: [data.secrets[SecretName.GITHUB_PRIVATE_KEY].attr_id],
        Place.WEBHOOK_SECRET: [data.secrets[SecretName.GITHUB_WEBHOOK_SECRET].attr_id],
        Place.GITHUB_CLIENT: [data.secrets[SecretName.GITHUB_CLIENT].attr_id],
        Place.ORIGIN_SECRET: [data.secrets[SecretName.ORIGIN_SECRET].attr_id],
    }

    def places(function: PythonFunction) -> Places:
        own = {Place.OWN_LOG: [function.log_group.log_group_arn]}
        if queue := stack.pipeline.queues.get(function.name):
            own[Place.OWN_QUEUE] = [queue.queue_arn]
        return {**shared, **own}

    return places


def _arn(stack: "Platform", service: str, resource: str) -> str:
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"
