"""Logs, for the functions that write or show them."""

from collections.abc import Callable

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.builder.batch.streams import BuildStreams
from battleshiper.platform.logs.cloudwatch import CloudWatchLogs


def open_logs(
    foundation: Foundation, streams: BuildStreams, server_streams: Callable[[str], str | None] = lambda _: None
) -> CloudWatchLogs:
    """Return the logs of deployments; nothing is asked of AWS yet. Who shows no server's log needs no
    `server_streams`."""
    prefix = foundation.surroundings[Variable.LOGS_PREFIX]
    return CloudWatchLogs(
        foundation.clients.of("logs"), prefix, streams, foundation.clock, server_streams=server_streams
    )
