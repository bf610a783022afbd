"""The environment of our Lambda functions: the stack writes it, the entry points read it."""

from enum import StrEnum


class Variable(StrEnum):
    """What a function is told. None of it is secret; secrets are read from Secrets Manager by their names."""

    TABLE = "BATTLESHIPER_TABLE"
    BUS = "BATTLESHIPER_BUS"
    """The event bus's name."""
    BUILDS_BUCKET = "BATTLESHIPER_BUILDS_BUCKET"
    SITES_BUCKET = "BATTLESHIPER_SITES_BUCKET"
    ASSETS_BUCKET = "BATTLESHIPER_ASSETS_BUCKET"
    """Of the platform's own pages."""
    KEY_VALUE_STORE = "BATTLESHIPER_KEY_VALUE_STORE"
    """The ARN of CloudFront's store with the routes."""
    JOB_QUEUE = "BATTLESHIPER_JOB_QUEUE"
    """The ARN of the queue on Fargate Spot."""
    JOB_QUEUE_ON_DEMAND = "BATTLESHIPER_JOB_QUEUE_ON_DEMAND"
    """The ARN of the queue for builds that Spot has failed."""
    JOB_DEFINITION = "BATTLESHIPER_JOB_DEFINITION"
    """The ARN of the job definition, with its revision."""
    FUNCTION_ROLE = "BATTLESHIPER_FUNCTION_ROLE"
    """The ARN of the role that every site's function has."""
    DISTRIBUTION = "BATTLESHIPER_DISTRIBUTION"
    """The ARN of the sites' distribution, which alone may ask sites' functions."""
    SECRETS_PREFIX = "BATTLESHIPER_SECRETS_PREFIX"
    LOGS_PREFIX = "BATTLESHIPER_LOGS_PREFIX"
    SITES_DOMAIN = "BATTLESHIPER_SITES_DOMAIN"
    BASE_URL = "BATTLESHIPER_BASE_URL"
    GITHUB_URL = "BATTLESHIPER_GITHUB_URL"
    GITHUB_API_URL = "BATTLESHIPER_GITHUB_API_URL"
    GITHUB_APP_ID = "BATTLESHIPER_GITHUB_APP_ID"
    RETENTION_DAYS = "BATTLESHIPER_RETENTION_DAYS"
    PREVIEW_DAYS = "BATTLESHIPER_PREVIEW_DAYS"
    PRODUCTION_DEPLOYMENTS = "BATTLESHIPER_PRODUCTION_DEPLOYMENTS"
    QUEUE_URL = "BATTLESHIPER_QUEUE_URL"
    """Where the events of this function's step wait."""
    DEPLOYMENT_GROUP = "BATTLESHIPER_DEPLOYMENT_GROUP"


SECRETS_PREFIX = "battleshiper/"
LOGS_PREFIX = "/battleshiper"
