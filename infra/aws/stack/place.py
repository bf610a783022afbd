"""What grants are about. Where each of it is in the stack, `places.py` says."""

from enum import StrEnum


class Place(StrEnum):
    """What grants are about."""

    TABLE = "table"
    LISTINGS = "index of the table"
    BUS = "bus"
    OWN_QUEUE = "queue of the function's step"
    OWN_LOG = "log group of the function"
    ROUTES = "key value store"
    BUILDS_BUCKET = "builds bucket"
    BUILD_FILES = "objects in the builds bucket"
    SITES_BUCKET = "sites bucket"
    SITE_FILES = "sites in the sites bucket"
    SITE_RECORDS = "records in the sites bucket"
    ASSETS_BUCKET = "assets bucket"
    ASSETS = "objects in the assets bucket"
    QUEUES = "job queues"
    DEFINITION = "job definition"
    JOBS = "jobs"
    EVERY_JOB = "all of Batch"
    SITE_FUNCTIONS = "functions of sites"
    SITE_FUNCTION_ROLE = "role of sites' functions"
    BUILD_LOG = "log of builds"
    DEPLOY_LOG = "log of deployments"
    SERVER_LOG = "log of sites' functions"
    DEPLOYMENT_GROUP = "CodeDeploy's deployment group"
    SIGNING_KEYS = "secret ticket-keys"
    PUBLIC_KEYS = "secret ticket-public-keys"
    OPERATOR_TOKEN = "secret operator-token"  # noqa: S105 - a place
    VARIABLES_KEY = "secret variables-key"
    GITHUB_KEY = "secret github-private-key"
    WEBHOOK_SECRET = "secret github-webhook-secret"  # noqa: S105 - a place
    GITHUB_CLIENT = "secret github-client"
    ORIGIN_SECRET = "secret origin-secret"  # noqa: S105 - a place


WILDCARDS = {
    Place.BUILD_FILES: "Each build has a prefix of its own, made when it starts.",
    Place.SITE_FILES: "Each deployment has a prefix of its own, made when it is published.",
    Place.SITE_RECORDS: "Each deployment has a record of its own, made when it is published.",
    Place.ASSETS: "Assets are named after what is in them.",
    Place.JOBS: "Batch makes the names of jobs.",
    Place.EVERY_JOB: "Batch lets these two actions name no resource.",
    Place.SITE_FUNCTIONS: "Each project has a function named after it, with a version for each deployment.",
}
"""Why a place is no single resource."""
