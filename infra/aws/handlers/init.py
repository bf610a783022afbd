"""Prepares projects whose repositories are new or not what they were."""

import os

from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.github import connect, open_source
from battleshiper.infra.aws.keys import open_mint
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.preparation import Preparation

_foundation = Foundation(os.environ, Clients())
_builds = Builds(_foundation)
_gate = open_gate(_foundation)
_mint = open_mint(_foundation)
_preparation = Fresh(
    lambda: Preparation(
        _foundation.store,
        _foundation.bus,
        _gate,
        _mint,
        open_source(_foundation, connect(_foundation)),
        _builds.builder,
        _foundation.clock,
    )
)

handler = take(_foundation, EventType.INIT, lambda event: _preparation().prepare(event))
