"""Passes on what CloudFront cannot ask itself; see `edge/router`."""

import os

from battleshiper.edge.router.handler import compose
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.origin_secrets import read_origin_secrets
from battleshiper.infra.aws.secrets import open_secrets
from battleshiper.infra.aws.surroundings import Surroundings
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.functions.aws.reference import target

_LONGEST_ANSWER_SECONDS = 55
_surroundings = Surroundings(os.environ)
_clients = Clients()
_secrets = open_secrets(_clients.of("secretsmanager"), _surroundings)

handler = compose(
    # What a request changes must not be changed twice.
    functions=_clients.of("lambda", retries={"total_max_attempts": 1}, read_timeout=_LONGEST_ANSWER_SECONDS),
    target=target,
    objects=_clients.of("s3"),
    bucket=_surroundings[Variable.SITES_BUCKET],
    secrets=Fresh(lambda: read_origin_secrets(_secrets)),
)
