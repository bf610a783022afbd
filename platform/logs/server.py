"""The logs of servers: what a deployment's function prints on Lambda, where all functions write to one log group.

The streams of a version are those whose names begin with the day and `<function>[<version>]`
(https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from battleshiper.platform.logs.line import format_time
from battleshiper.platform.logs.port import LogLine
from battleshiper.platform.logs.printed import printed_lines

if TYPE_CHECKING:
    from types_boto3_logs.client import CloudWatchLogsClient
    from types_boto3_logs.type_defs import FilteredLogEventTypeDef

_MOST_MESSAGES = 2000
"""So many are shown to who asks for the log from its beginning: the newest ones."""
_MOST_DAYS = 7
"""So far back are they looked for: each day is a call."""
_IN_A_MILLISECOND = 1000
_DAY = timedelta(days=1)


class ServerLogs:
    """Reads the log group of functions. `streams` tells what follows the day in the names of a deployment's streams.

    A line's number is made of its time, so that who follows a log asks for what is new alone. What comes late, with a
    time before what was read already, is not seen by who follows; who reads from the beginning sees it.
    """

    def __init__(
        self,
        client: "CloudWatchLogsClient",
        group: str,
        streams: Callable[[str], str | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._group = group
        self._streams = streams
        self._clock = clock

    def read(self, deployment_id: str, start: int) -> Iterator[LogLine]:
        """Yield the lines from number `start` on; from 0, the newest ones. Nothing where there is no function."""
        streams = self._streams(deployment_id)
        if streams is None:
            return
        messages = self._since(streams, start) if start else iter(self._newest(streams))
        moment, index = -1, 0
        for message in messages:
            if message["timestamp"] != moment:
                moment, index = message["timestamp"], 0
            at = format_time(datetime.fromtimestamp(moment / 1000, UTC))
            for line in printed_lines(message["message"], at):
                number = moment * _IN_A_MILLISECOND + min(index, _IN_A_MILLISECOND - 1)
                index += 1
                if number >= start:
                    yield replace(line, number=number)

    def _newest(self, streams: str) -> list["FilteredLogEventTypeDef"]:
        now = self._clock()
        found: list[FilteredLogEventTypeDef] = []
        for age in range(_MOST_DAYS + 1):
            day = now - age * _DAY
            messages = self._messages(day, streams, _milliseconds(now - _MOST_DAYS * _DAY), newest_first=True)
            found.extend(islice(messages, _MOST_MESSAGES))
            # What was started before midnight may still be printing.
            if len(found) >= _MOST_MESSAGES and age > 0:
                break
        # So messages of the same time stay in their order.
        found.reverse()
        return sorted(found, key=_moment)[-_MOST_MESSAGES:]

    def _since(self, streams: str, start: int) -> Iterator["FilteredLogEventTypeDef"]:
        moment = start // _IN_A_MILLISECOND
        now = self._clock()
        first = max(datetime.fromtimestamp(moment / 1000, UTC), now - _MOST_DAYS * _DAY) - _DAY
        days = ((first + age * _DAY) for age in range((now.date() - first.date()).days + 1))
        return merge(*(self._messages(day, streams, moment, newest_first=False) for day in days), key=_moment)

    def _messages(
        self, day: datetime, streams: str, since: int, *, newest_first: bool
    ) -> Iterator["FilteredLogEventTypeDef"]:
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group,
            logStreamNamePrefix=f"{day:%Y/%m/%d}/{streams}",
            startTime=since,
            startFromHead=not newest_first,
        )
        for page in pages:
            yield from page["events"]


def _moment(message: "FilteredLogEventTypeDef") -> int:
    return message["timestamp"]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
