"""Publishes what builds made. Hears of their ends from Batch itself, too."""

import os

from battleshiper.infra.aws.builds import LIMITS, Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sealing import open_variables
from battleshiper.infra.aws.sites import Sites, open_functions, publishing_settings
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.deploying import Deploying
from battleshiper.platform.pipeline.publishing import Publishing

_foundation = Foundation(os.environ, Clients())
_builds = Builds(_foundation)
_sites = Sites(_foundation)
_functions = open_functions(_foundation, publishing_settings(_foundation))
_publishing = Publishing(
    _foundation.store, _sites.objects, _functions, open_variables(_foundation), _sites.routing, _sites.addresses
)
_deploying = Deploying(
    _foundation.store,
    open_gate(_foundation),
    _sites.objects,
    _publishing,
    open_logs(_foundation, _builds.streams),
    Allowance(_foundation.store, _foundation.clock),
    LIMITS,
)

handler = take(_foundation, EventType.DEPLOY, _deploying.deploy, _builds.ends.receive)
