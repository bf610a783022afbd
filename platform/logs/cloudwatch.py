"""Logs in CloudWatch: what the platform says in streams of its own, what builds print where Batch puts it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from battleshiper.platform.logs.line import format_lines, format_time, parse_line
from battleshiper.platform.logs.port import LogKind, LogLine

if TYPE_CHECKING:
    from types_boto3_logs.client import CloudWatchLogsClient

_MOST_BYTES = 250_000
"""Of one line; an event may have 256 KB, some of which is CloudWatch's own
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html)."""


class CloudWatchLogs:
    """Logs below the groups `<prefix>/…`. `build_streams` tells the names of a build's streams, oldest first.

    What functions of sites print is in `<prefix>/server`, for all sites in one group: the operator reads it there.
    """

    def __init__(
        self,
        client: "CloudWatchLogsClient",
        prefix: str,
        build_streams: Callable[[str], Sequence[str]],
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._builds = f"{prefix}/builds"
        self._deploys = f"{prefix}/deploys"
        self._build_streams = build_streams
        self._clock = clock

    def append(self, deployment_id: str, kind: LogKind, text: str) -> None:
        """Add the lines of a text, stamped now."""
        now = self._clock()
        lines = format_lines(text, format_time(now)).splitlines()
        stream = f"{deployment_id}/{kind.value}"
        try:
            self._put(stream, lines, now)
        except self._client.exceptions.ResourceNotFoundException:
            with suppress(self._client.exceptions.ResourceAlreadyExistsException):
                self._client.create_log_stream(logGroupName=self._deploys, logStreamName=stream)
            self._put(stream, lines, now)

    def read(self, deployment_id: str, kind: LogKind, start: int = 0) -> Iterator[LogLine]:
        """Yield the lines from number `start` to the present end."""
        number = 0
        for group, stream in self._places(deployment_id, kind):
            for line in self._lines(group, stream):
                if number >= start:
                    yield line
                number += 1

    def delete(self, deployment_id: str) -> None:
        """Remove what the platform said. What builds printed ends with its group's retention."""
        for kind in LogKind:
            with suppress(self._client.exceptions.ResourceNotFoundException):
                self._client.delete_log_stream(
                    logGroupName=self._deploys, logStreamName=f"{deployment_id}/{kind.value}"
                )

    def _places(self, deployment_id: str, kind: LogKind) -> Iterator[tuple[str, str]]:
        if kind is LogKind.BUILD:
            for stream in self._build_streams(deployment_id):
                yield self._builds, stream
        yield self._deploys, f"{deployment_id}/{kind.value}"

    def _put(self, stream: str, lines: Sequence[bytes], now: datetime) -> None:
        moment = int(now.timestamp() * 1000)
        self._client.put_log_events(
            logGroupName=self._deploys,
            logStreamName=stream,
            logEvents=[
                {"timestamp": moment, "message": line[:_MOST_BYTES].decode("utf-8", "ignore")} for line in lines
            ],
        )

    def _lines(self, group: str, stream: str) -> Iterator[LogLine]:
        token = ""
        while True:
            more = {"nextToken": token} if token else {}
            try:
                page = self._client.get_log_events(
                    logGroupName=group,
                    logStreamName=stream,
                    startFromHead=True,
                    **more,  # type: ignore[arg-type]  # a text
                )
            except self._client.exceptions.ResourceNotFoundException:
                return  # nothing was written yet
            for event in page["events"]:
                at = format_time(datetime.fromtimestamp(event["timestamp"] / 1000, UTC))
                yield parse_line(event["message"].encode(), at)
            # The end is where the token stays the same.
            if page["nextForwardToken"] == token:
                return
            token = page["nextForwardToken"]
