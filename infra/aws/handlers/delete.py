"""Removes projects."""

import os

from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.removing import open_removal
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType

_foundation = Foundation(os.environ, Clients())
_removal = open_removal(_foundation, Builds(_foundation), Sites(_foundation))

handler = take(_foundation, EventType.DELETE, _removal.remove)
