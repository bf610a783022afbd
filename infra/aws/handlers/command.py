"""Does what people ask for in pull requests."""

import os

from battleshiper.bot.commands.actions import Actions
from battleshiper.bot.commands.handler import CommandHandler
from battleshiper.bot.patience import Patience
from battleshiper.bot.rest_conversation import RestConversation
from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.github import connect
from battleshiper.infra.aws.keys import open_keys
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.steps import take
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.model.event import EventType
from battleshiper.platform.pipeline.operations import Operations

_foundation = Foundation(os.environ, Clients())
_builds = Builds(_foundation)
_sites = Sites(_foundation)
_gate = open_gate(_foundation)
_logs = open_logs(_foundation, _builds.streams)


def _open() -> CommandHandler:
    store, clock = _foundation.store, _foundation.clock
    connection = connect(_foundation)
    conversation = RestConversation(connection, _foundation.surroundings.number(Variable.GITHUB_APP_ID))
    mint = open_keys(_foundation).mint
    operations = Operations(store, _foundation.bus, _sites.routing, _builds.builder, mint, _sites.addresses)
    actions, patience = Actions(store, operations, _logs, clock), Patience(clock, connection.pace)
    return CommandHandler(store, _gate, conversation, actions, patience, clock)


_commands = Fresh(_open)

handler = take(_foundation, EventType.COMMAND, lambda event: _commands().handle(event))
