"""Comments on pull requests."""

import os

from battleshiper.bot.commenter import Commenter
from battleshiper.bot.patience import Patience
from battleshiper.bot.pull_view import PullView
from battleshiper.bot.rest_conversation import RestConversation
from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.github import connect
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.steps import take
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.model.event import EventType

_foundation = Foundation(os.environ, Clients())
_sites = Sites(_foundation)
_logs = open_logs(_foundation, Builds(_foundation).streams)
_view = PullView(_foundation.store, _sites.objects, _logs, _sites.addresses, _foundation.log_url)


def _open() -> Commenter:
    connection = connect(_foundation)
    conversation = RestConversation(connection, _foundation.surroundings.number(Variable.GITHUB_APP_ID))
    return Commenter(_foundation.store, conversation, _view, Patience(_foundation.clock, connection.pace))


_commenter = Fresh(_open)

handler = take(_foundation, EventType.PULL_CHANGED, lambda event: _commenter().comment(event))
