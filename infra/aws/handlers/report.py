"""Tells GitHub how deployments are."""

import os

from battleshiper.bot.report import Reporter
from battleshiper.bot.rest import RestGitHub
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.github import connect
from battleshiper.infra.aws.steps import take
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.event import EventType

_foundation = Foundation(os.environ, Clients())


def _log_url(deployment: Deployment) -> str:
    return f"{_foundation.base_url}/deployments/{deployment.id}"


_reporter = Fresh(lambda: Reporter(_foundation.store, RestGitHub(connect(_foundation)), _log_url, _foundation.clock))

handler = take(_foundation, EventType.DEPLOYMENT_CHANGED, lambda event: _reporter().report(event))
