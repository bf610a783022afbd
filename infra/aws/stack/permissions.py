"""Who may do what: the one place from which every function's role is made.

A function holds capabilities; a capability is a list of grants, each some actions at some places. A place whose name
has a wildcard says why. What the code calls is compared with this by `tests/infra/aws/stack/test_calls.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from battleshiper.infra.aws.stack.place import Place
from battleshiper.infra.aws.stack.shapes import FunctionName


@dataclass(frozen=True, slots=True)
class Grant:
    """Some actions at some places."""

    actions: tuple[str, ...]
    places: tuple[Place, ...]
    passed_to: str = ""
    """To which service alone a role may be handed."""


class Capability(StrEnum):
    """What a function can do."""

    LOG = "write its own log"
    TAKE = "take events of its step"
    STORE = "read and change the platform's data, and publish what changes"
    SIGN = "mint tickets"
    VERIFY = "verify tickets"
    ROTATE = "change the ticket keys"
    GITHUB = "speak to GitHub"
    HEAR_GITHUB = "verify what GitHub says"
    SIGN_IN = "let people sign in with GitHub"
    KNOW_OPERATOR = "verify who the operator is"
    UNSEAL = "seal and open the projects' environment variables"
    KNOW_EDGE = "verify that CloudFront asks"
    ROUTE = "change routes"
    READ_RECORDS = "read what was published"
    SUBMIT = "hand builds to Batch"
    CANCEL = "end builds"
    FIND_BUILD_LOG = "ask Batch where a build's log is"
    GRANT_UPLOADS = "let a build upload"
    PUBLISH = "publish files and functions"
    REMOVE = "remove what was published"
    READ_LOGS = "read logs of builds and deployments"
    READ_SERVER_LOGS = "read what sites print"
    NOTE = "write and remove logs of deployments"
    ROUTE_REQUESTS = "pass requests on"
    UPLOAD_ASSETS = "upload the pages' assets"
    REMOVE_ASSETS = "remove the pages' assets"


def _grant(actions: str, *places: Place, passed_to: str = "") -> Grant:
    return Grant(tuple(actions.split()), places, passed_to)


_READ_SECRET = "secretsmanager:GetSecretValue"  # noqa: S105 - an action

GRANTS: Mapping[Capability, Sequence[Grant]] = {
    Capability.LOG: [_grant("logs:CreateLogStream logs:PutLogEvents", Place.OWN_LOG)],
    Capability.TAKE: [
        _grant(
            "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes sqs:ChangeMessageVisibility sqs:SendMessage",
            Place.OWN_QUEUE,
        )
    ],
    Capability.STORE: [
        _grant(
            "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem "
            "dynamodb:DeleteItem dynamodb:ConditionCheckItem dynamodb:BatchWriteItem",
            Place.TABLE,
        ),
        _grant("dynamodb:Query", Place.LISTINGS),
        _grant("events:PutEvents", Place.BUS),
    ],
    Capability.SIGN: [_grant(_READ_SECRET, Place.SIGNING_KEYS)],
    Capability.VERIFY: [_grant(_READ_SECRET, Place.PUBLIC_KEYS)],
    Capability.ROTATE: [
        _grant(
            "secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage",
            Place.SIGNING_KEYS,
            Place.PUBLIC_KEYS,
        )
    ],
    Capability.GITHUB: [_grant(_READ_SECRET, Place.GITHUB_KEY)],
    Capability.HEAR_GITHUB: [_grant(_READ_SECRET, Place.WEBHOOK_SECRET)],
    Capability.SIGN_IN: [_grant(_READ_SECRET, Place.GITHUB_CLIENT)],
    Capability.KNOW_OPERATOR: [_grant(_READ_SECRET, Place.OPERATOR_TOKEN)],
    Capability.UNSEAL: [_grant(_READ_SECRET, Place.VARIABLES_KEY)],
    Capability.KNOW_EDGE: [_grant(_READ_SECRET, Place.ORIGIN_SECRET)],
    Capability.ROUTE: [
        _grant(
            "cloudfront-keyvaluestore:DescribeKeyValueStore cloudfront-keyvaluestore:GetKey "
            "cloudfront-keyvaluestore:ListKeys cloudfront-keyvaluestore:UpdateKeys",
            Place.ROUTES,
        ),
        _grant("s3:GetObject", Place.SITE_RECORDS),
        _grant("s3:ListBucket", Place.SITES_BUCKET),
    ],
    Capability.READ_RECORDS: [
        _grant("s3:GetObject", Place.SITE_RECORDS),
        _grant("s3:ListBucket", Place.SITES_BUCKET),
    ],
    Capability.SUBMIT: [
        _grant("batch:SubmitJob", Place.QUEUES, Place.DEFINITION),
        _grant("batch:ListJobs", Place.EVERY_JOB),
    ],
    Capability.CANCEL: [_grant("batch:TerminateJob", Place.JOBS)],
    Capability.FIND_BUILD_LOG: [_grant("batch:DescribeJobs", Place.EVERY_JOB)],
    Capability.GRANT_UPLOADS: [
        _grant("s3:PutObject s3:DeleteObject", Place.BUILD_FILES),
        _grant("s3:ListBucket", Place.BUILDS_BUCKET),
    ],
    Capability.PUBLISH: [
        _grant("s3:ListBucket", Place.BUILDS_BUCKET, Place.SITES_BUCKET),
        _grant("s3:GetObject s3:DeleteObject", Place.BUILD_FILES),
        # It looks at what is there already, and takes back what it has copied wrong.
        _grant("s3:PutObject s3:GetObject s3:DeleteObject", Place.SITE_FILES),
        _grant("s3:PutObject s3:GetObject", Place.SITE_RECORDS),
        _grant(
            "lambda:CreateFunction lambda:GetFunctionConfiguration lambda:UpdateFunctionCode "
            "lambda:UpdateFunctionConfiguration lambda:PublishVersion lambda:CreateAlias lambda:GetAlias "
            "lambda:CreateFunctionUrlConfig lambda:GetFunctionUrlConfig lambda:GetPolicy lambda:AddPermission "
            "lambda:InvokeFunction",
            Place.SITE_FUNCTIONS,
        ),
        _grant("iam:PassRole", Place.SITE_FUNCTION_ROLE, passed_to="lambda.amazonaws.com"),
    ],
    Capability.REMOVE: [
        _grant("s3:ListBucket", Place.BUILDS_BUCKET, Place.SITES_BUCKET),
        _grant("s3:DeleteObject", Place.BUILD_FILES, Place.SITE_FILES, Place.SITE_RECORDS),
        _grant(
            "lambda:DeleteFunction lambda:DeleteFunctionUrlConfig lambda:DeleteAlias lambda:ListAliases "
            "lambda:ListVersionsByFunction",
            Place.SITE_FUNCTIONS,
        ),
    ],
    Capability.READ_LOGS: [
        _grant("logs:GetLogEvents", Place.BUILD_LOG, Place.DEPLOY_LOG),
    ],
    Capability.READ_SERVER_LOGS: [
        _grant("logs:FilterLogEvents", Place.SERVER_LOG),
        _grant("lambda:GetAlias", Place.SITE_FUNCTIONS),
    ],
    Capability.NOTE: [
        _grant("logs:CreateLogStream logs:PutLogEvents logs:DeleteLogStream", Place.DEPLOY_LOG),
    ],
    Capability.ROUTE_REQUESTS: [
        _grant("lambda:InvokeFunction", Place.SITE_FUNCTIONS),
        _grant("s3:GetObject", Place.SITE_FILES),
    ],
    Capability.UPLOAD_ASSETS: [
        _grant("s3:PutObject", Place.ASSETS),
        _grant("codedeploy:PutLifecycleEventHookExecutionStatus", Place.DEPLOYMENT_GROUP),
    ],
    Capability.REMOVE_ASSETS: [
        _grant("s3:ListBucket", Place.ASSETS_BUCKET),
        _grant("s3:DeleteObject", Place.ASSETS),
        _grant("codedeploy:PutLifecycleEventHookExecutionStatus", Place.DEPLOYMENT_GROUP),
    ],
}
"""What each capability takes."""

_STEP = (Capability.LOG, Capability.TAKE, Capability.STORE)
_BUILDS = (Capability.SUBMIT, Capability.CANCEL, Capability.FIND_BUILD_LOG)

HOLDERS: Mapping[FunctionName, Sequence[Capability]] = {
    FunctionName.WEBHOOK: [
        Capability.LOG,
        Capability.STORE,
        Capability.SIGN,
        Capability.HEAR_GITHUB,
        Capability.KNOW_EDGE,
    ],
    FunctionName.WEB: [
        Capability.LOG,
        Capability.STORE,
        Capability.SIGN,
        Capability.VERIFY,
        Capability.ROTATE,
        Capability.GITHUB,
        Capability.SIGN_IN,
        Capability.KNOW_OPERATOR,
        Capability.UNSEAL,
        Capability.KNOW_EDGE,
        Capability.ROUTE,
        Capability.CANCEL,
        Capability.FIND_BUILD_LOG,
        Capability.GRANT_UPLOADS,
        Capability.READ_LOGS,
        Capability.READ_SERVER_LOGS,
    ],
    FunctionName.INIT: [*_STEP, Capability.SIGN, Capability.VERIFY, Capability.GITHUB, Capability.CANCEL],
    FunctionName.BUILD: [*_STEP, Capability.VERIFY, *_BUILDS],
    FunctionName.DEPLOY: [
        *_STEP,
        Capability.VERIFY,
        Capability.UNSEAL,
        *_BUILDS,
        Capability.PUBLISH,
        Capability.ROUTE,
        Capability.NOTE,
    ],
    FunctionName.DELETE: [
        *_STEP,
        Capability.VERIFY,
        Capability.CANCEL,
        Capability.ROUTE,
        Capability.REMOVE,
        Capability.NOTE,
    ],
    FunctionName.SETTLE: [*_STEP, Capability.VERIFY, Capability.CANCEL, Capability.ROUTE],
    FunctionName.REPORT: [*_STEP, Capability.GITHUB],
    FunctionName.COMMAND: [
        *_STEP,
        Capability.SIGN,
        Capability.VERIFY,
        Capability.GITHUB,
        Capability.ROUTE,
        Capability.CANCEL,
        Capability.FIND_BUILD_LOG,
        Capability.READ_LOGS,
    ],
    FunctionName.COMMENT: [
        *_STEP,
        Capability.GITHUB,
        Capability.READ_RECORDS,
        Capability.FIND_BUILD_LOG,
        Capability.READ_LOGS,
    ],
    FunctionName.SWEEP: [
        Capability.LOG,
        Capability.STORE,
        Capability.SIGN,
        Capability.VERIFY,
        Capability.ROTATE,
        Capability.GITHUB,
        *_BUILDS,
        Capability.ROUTE,
        Capability.REMOVE,
        Capability.NOTE,
    ],
    FunctionName.ROUTER: [Capability.LOG, Capability.KNOW_EDGE, Capability.ROUTE_REQUESTS],
    FunctionName.ASSETS_BEFORE: [Capability.LOG, Capability.UPLOAD_ASSETS],
    FunctionName.ASSETS_AFTER: [Capability.LOG, Capability.REMOVE_ASSETS],
}
"""What each function can do. Those alone who mint tickets can `SIGN`."""


def grants_of(name: FunctionName) -> list[Grant]:
    """Return all that a function may do."""
    return [grant for capability in HOLDERS[name] for grant in GRANTS[capability]]
