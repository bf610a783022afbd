"""Takes what GitHub tells. People's pushes wait for it, so it loads nothing that it does not need."""

import os

from battleshiper.edge.router.gate import Gate
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.http import HttpFunction
from battleshiper.infra.aws.keys import open_mint
from battleshiper.infra.aws.lean_clients import LeanClients
from battleshiper.infra.aws.origin_secrets import read_origin_secrets
from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.infra.aws.variables import Variable
from battleshiper.webhooks.ingress import Webhooks, missing

_foundation = Foundation(os.environ, LeanClients(os.environ))
_app_id = _foundation.surroundings.number(Variable.GITHUB_APP_ID)
_mint = open_mint(_foundation)


def _webhooks() -> Webhooks:
    # A line for each: while the secret is being changed there are two.
    secrets = tuple(read_secret(_foundation.secrets, SecretName.GITHUB_WEBHOOK_SECRET).split())
    return Webhooks(secrets, _app_id, _foundation.store, _mint, _foundation.clock)


_app = Fresh(lambda: _webhooks().before(missing))
_gate = Gate(Fresh(lambda: read_origin_secrets(_foundation.secrets)))

handler = HttpFunction(_gate, _app)
