"""The log group of functions, by hand: moto and the emulator know no prefix of streams' names and no direction."""

from collections.abc import Iterator
from datetime import UTC, datetime

from botocore.session import Session
from botocore.validate import validate_parameters

GROUP = "/battleshiper/server"
_SHAPE = Session().get_service_model("logs").operation_model("FilterLogEvents").input_shape


class FakeFunctionLogs:
    """A client that finds messages as FilterLogEvents does: by the streams' prefix and the earliest time, in either
    direction, in pages that may be empty
    (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html).

    `calls` has the parameters of each search, `pages` counts what was sent.
    """

    def __init__(self, page_size: int = 3) -> None:
        self.calls: list[dict] = []
        self.pages = 0
        self._messages: list[tuple[int, int, str, str]] = []
        self._page_size = page_size

    def print(self, function: str, at: datetime, message: str, *, started: datetime | None = None) -> None:
        """Print a message in a version's environment (`name[7]`), which was started then or at another time."""
        stream = f"{started or at:%Y/%m/%d}/{function}0123456789abcdef"
        self._messages.append((round(at.timestamp() * 1000), len(self._messages), stream, message))

    def get_paginator(self, name: str) -> "FakeFunctionLogs":
        assert name == "filter_log_events"
        return self

    def paginate(self, **asked) -> Iterator[dict]:
        validate_parameters(asked, _SHAPE)
        assert asked["logGroupName"] == GROUP
        newest_first = not asked["startFromHead"]
        assert not newest_first or datetime.fromtimestamp(asked["startTime"] / 1000, UTC).year >= 2024
        self.calls.append(asked)
        found = sorted(
            (
                each
                for each in self._messages
                if each[2].startswith(asked["logStreamNamePrefix"]) and each[0] >= asked["startTime"]
            ),
            reverse=newest_first,
        )
        yield {"events": []}
        for start in range(0, len(found), self._page_size):
            self.pages += 1
            page = found[start : start + self._page_size]
            yield {"events": [{"timestamp": at, "message": message} for at, _, _, message in page]}
