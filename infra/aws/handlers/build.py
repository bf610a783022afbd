"""Hands builds to Batch."""

import os

from battleshiper.infra.aws.builds import LIMITS, Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.building import Building

_foundation = Foundation(os.environ, Clients())
_building = Building(
    _foundation.store,
    open_gate(_foundation),
    _foundation.bus,
    Builds(_foundation).builder,
    Allowance(_foundation.store, _foundation.clock),
    LIMITS,
)

handler = take(_foundation, EventType.BUILD, _building.build)
