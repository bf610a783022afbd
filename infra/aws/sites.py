"""Where sites are: their files, their functions, their routes."""

from battleshiper.edge.source import BOOTSTRAP, LAMBDA_FOLDER, LAMBDA_HANDLER
from battleshiper.infra.aws.clients import COPIES_AT_ONCE
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.metrics import Metric, tell_metric
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.functions.aws.functions import LambdaFunctions
from battleshiper.platform.functions.aws.package import Bootstrap
from battleshiper.platform.functions.aws.settings import LambdaSettings
from battleshiper.platform.objects.s3 import S3Objects
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.routes.key_value_store import KeyValueStoreRoutes

_ROUTES_AT_ONCE = 8
_LONGEST_CALL_SECONDS = 60
"""A probe waits for a function's own time to end."""


class Sites:
    """What is published."""

    def __init__(self, foundation: Foundation) -> None:
        """Nothing is asked of AWS yet; raises MissingVariableError."""
        told = foundation.surroundings
        self.objects = S3Objects(
            foundation.clients.of("s3", max_pool_connections=COPIES_AT_ONCE),
            builds_bucket=told[Variable.BUILDS_BUCKET],
            sites_bucket=told[Variable.SITES_BUCKET],
        )
        self.routing = Routing(foundation.store, self.objects, open_routes(foundation))
        self.addresses = SiteAddresses("https", told[Variable.SITES_DOMAIN])


def open_routes(foundation: Foundation) -> KeyValueStoreRoutes:
    """Return the routes of sites. Whoever writes them tells how often others were in the way."""
    return KeyValueStoreRoutes(
        foundation.clients.of("cloudfront-keyvaluestore", max_pool_connections=_ROUTES_AT_ONCE),
        foundation.surroundings[Variable.KEY_VALUE_STORE],
        tell_conflict=lambda: tell_metric(Metric.ROUTE_CONFLICTS, 1, foundation.clock()),
    )


def open_functions(foundation: Foundation, settings: LambdaSettings) -> LambdaFunctions:
    """Return sites' functions."""
    client = foundation.clients.of("lambda", read_timeout=_LONGEST_CALL_SECONDS)
    files = {f"{LAMBDA_FOLDER}/{path.name}": path.read_bytes() for path in BOOTSTRAP.glob("*.mjs")}
    return LambdaFunctions(client, settings, Bootstrap(files, LAMBDA_HANDLER))


def publishing_settings(foundation: Foundation) -> LambdaSettings:
    """Return how functions are published."""
    told = foundation.surroundings
    return LambdaSettings(
        role=told[Variable.FUNCTION_ROLE],
        distribution=told[Variable.DISTRIBUTION],
        log_group=f"{told[Variable.LOGS_PREFIX]}/server",
    )


REMOVING = LambdaSettings(role="", distribution="")
"""For those who remove functions and may publish none."""
