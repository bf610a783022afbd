"""Retires previews and brings them back."""

import os

from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.settling import Settling

_foundation = Foundation(os.environ, Clients())
_builds = Builds(_foundation)
_sites = Sites(_foundation)
_settling = Settling(_foundation.store, open_gate(_foundation), _builds.builder, _sites.routing)

handler = take(_foundation, EventType.SETTLE, _settling.settle)
