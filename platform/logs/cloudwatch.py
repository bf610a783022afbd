"""Logs in CloudWatch: what the platform says in streams of its own, what builds print where Batch puts it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from battleshiper.platform.logs.batches import split_batches
from battleshiper.platform.logs.identifier import check_identifier
from battleshiper.platform.logs.line import FULL, format_lines, format_time, parse_line
from battleshiper.platform.logs.port import LogKind, LogLine
from battleshiper.platform.logs.server import ServerLogs

if TYPE_CHECKING:
    from types_boto3_logs.client import CloudWatchLogsClient

_MOST_SIZES = 1000
"""Streams whose sizes are remembered."""


class CloudWatchLogs:
    """Logs below the groups `<prefix>/…`. `build_streams` tells the names of a build's streams, oldest first;
    `server_streams` where what a function prints is found in `<prefix>/server`, see `ServerLogs`.

    Each `CloudWatchLogs` keeps what it appends itself to a log within `max_bytes`; it does not read what is there to
    add a line to it.
    """

    def __init__(
        self,
        client: "CloudWatchLogsClient",
        prefix: str,
        build_streams: Callable[[str], Sequence[str]],
        clock: Callable[[], datetime],
        *,
        server_streams: Callable[[str], str | None] = lambda _: None,
        max_bytes: int = 8 * 1024**2,
    ) -> None:
        self._client = client
        self._builds = f"{prefix}/builds"
        self._deploys = f"{prefix}/deploys"
        self._build_streams = build_streams
        self._servers = ServerLogs(client, f"{prefix}/server", server_streams, clock)
        self._clock = clock
        self._max_bytes = max_bytes
        self._sizes: dict[str, int] = {}
        self._lock = Lock()

    def append(self, deployment_id: str, kind: LogKind, text: str) -> None:
        """Add the lines of a text, stamped now, until the log is full. Raises ValueError for what is no id."""
        stream = _stream(deployment_id, kind)
        now = self._clock()
        lines, last = (format_lines(each, format_time(now)) for each in (text, FULL))
        with self._lock:
            size = self._sizes.get(stream, 0)
            if size >= self._max_bytes:
                return
            fits = size + len(lines) + len(last) <= self._max_bytes
            for messages in split_batches(lines if fits else last):
                self._put(stream, messages, now)
            self._remember(stream, size + len(lines) if fits else self._max_bytes)

    def read(self, deployment_id: str, kind: LogKind, start: int = 0) -> Iterator[LogLine]:
        """Yield the lines from number `start` to the present end."""
        try:
            check_identifier(deployment_id)
        except ValueError:
            return
        if kind is LogKind.SERVER:
            yield from self._servers.read(deployment_id, start)
            return
        number = 0
        for group, stream in self._places(deployment_id, kind):
            for line in self._lines(group, stream):
                if number >= start:
                    yield replace(line, number=number)
                number += 1

    def delete(self, deployment_id: str) -> None:
        """Remove what the platform said. What builds printed ends with its group's retention. Raises ValueError for
        what is no id."""
        for kind in LogKind:
            stream = _stream(deployment_id, kind)
            with self._lock, suppress(self._client.exceptions.ResourceNotFoundException):
                self._sizes.pop(stream, None)
                self._client.delete_log_stream(logGroupName=self._deploys, logStreamName=stream)

    def _places(self, deployment_id: str, kind: LogKind) -> Iterator[tuple[str, str]]:
        if kind is LogKind.BUILD:
            for stream in self._build_streams(deployment_id):
                yield self._builds, stream
        yield self._deploys, _stream(deployment_id, kind)

    def _remember(self, stream: str, size: int) -> None:
        self._sizes[stream] = size
        if len(self._sizes) > _MOST_SIZES:
            del self._sizes[next(iter(self._sizes))]

    def _put(self, stream: str, messages: Sequence[str], now: datetime) -> None:
        try:
            self._put_events(stream, messages, now)
        except self._client.exceptions.ResourceNotFoundException:
            with suppress(self._client.exceptions.ResourceAlreadyExistsException):
                self._client.create_log_stream(logGroupName=self._deploys, logStreamName=stream)
            self._put_events(stream, messages, now)

    def _put_events(self, stream: str, messages: Sequence[str], now: datetime) -> None:
        moment = int(now.timestamp() * 1000)
        self._client.put_log_events(
            logGroupName=self._deploys,
            logStreamName=stream,
            logEvents=[{"timestamp": moment, "message": message} for message in messages],
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


def _stream(deployment_id: str, kind: LogKind) -> str:
    check_identifier(deployment_id)
    return f"{deployment_id}/{kind.value}"
