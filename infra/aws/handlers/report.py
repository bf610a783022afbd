"""Tells GitHub how deployments are."""

import os

from battleshiper.bot.patience import Patience
from battleshiper.bot.report import Reporter
from battleshiper.bot.rest import RestGitHub
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.github import connect
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.event import EventType

_foundation = Foundation(os.environ, Clients())


def _open() -> Reporter:
    connection = connect(_foundation)
    patience = Patience(_foundation.clock, connection.pace)
    return Reporter(_foundation.store, RestGitHub(connection), _foundation.bus, _foundation.log_url, patience)


_reporter = Fresh(_open)

handler = take(_foundation, EventType.DEPLOYMENT_CHANGED, lambda event: _reporter().report(event))
