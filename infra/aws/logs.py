"""Logs, for the functions that write or show them."""

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.builder.batch.streams import BuildStreams
from battleshiper.platform.logs.cloudwatch import CloudWatchLogs


def open_logs(foundation: Foundation, streams: BuildStreams) -> CloudWatchLogs:
    """Return the logs of deployments; nothing is asked of AWS yet."""
    prefix = foundation.surroundings[Variable.LOGS_PREFIX]
    return CloudWatchLogs(foundation.clients.of("logs"), prefix, streams, foundation.clock)
