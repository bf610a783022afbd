"""The platform's pages, its API, and the claims of build runners."""

import os

from battleshiper.edge.router.gate import Gate
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.http import HttpFunction
from battleshiper.infra.aws.origin_secrets import read_origin_secrets
from battleshiper.infra.aws.website import Website

_foundation = Foundation(os.environ, Clients())
_website = Website(_foundation)
_gate = Gate(Fresh(lambda: read_origin_secrets(_foundation.secrets)))

handler = HttpFunction(_gate, Fresh(_website.app))
