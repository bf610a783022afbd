"""Hands builds to Batch."""

import os

from battleshiper.infra.aws.builds import LIMITS, Builds
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.keys import open_gate
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.building import Building

_foundation = Foundation(os.environ)
_building = Building(_foundation.store, open_gate(_foundation), Builds(_foundation).builder, LIMITS)

handler = take(_foundation, EventType.BUILD, _building.build)
