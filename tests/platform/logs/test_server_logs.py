"""What functions print on Lambda, where the log group is one for all."""

from datetime import UTC, datetime, timedelta

import pytest
from aws.function_logs import FakeFunctionLogs

from battleshiper.platform.logs.cloudwatch import CloudWatchLogs
from battleshiper.platform.logs.port import LogKind, LogLine

NOW = datetime(2026, 5, 4, 12, 0, 0, 500000, tzinfo=UTC)
SHOP = "battleshiper-shop000001[7]"


class Bench:
    """Logs, and the functions that print."""

    def __init__(self) -> None:
        self.now = NOW
        self.client = FakeFunctionLogs()
        self.streams = {"x1": SHOP}
        self.logs = CloudWatchLogs(
            self.client,  # type: ignore[arg-type]  # has what is called
            "/battleshiper",
            lambda _: (),
            lambda: self.now,
            server_streams=self.streams.get,
        )

    def print(self, message: str, *, ago: float = 0, started_ago: float | None = None, function: str = SHOP) -> None:
        """Print so many seconds before now."""
        started = None if started_ago is None else self.now - timedelta(seconds=started_ago)
        self.client.print(function, self.now - timedelta(seconds=ago), message, started=started)

    def read(self, start: int = 0) -> list[LogLine]:
        return list(self.logs.read("x1", LogKind.SERVER, start))

    def texts(self, start: int = 0) -> list[str]:
        return [line.text for line in self.read(start)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_server_log_is_that_of_its_version(bench: Bench) -> None:
    """Other sites, other versions and versions whose numbers begin alike print in the same group."""
    bench.print("ours")
    for function in ("battleshiper-blog000001[7]", "battleshiper-shop000001[6]", "battleshiper-shop000001[71]"):
        bench.print("theirs", function=function)
    assert bench.read() == [LogLine("2026-05-04T12:00:00.500Z", "ours")]


def test_a_deployment_without_a_function_prints_nothing(bench: Bench) -> None:
    """CloudWatch is not asked."""
    assert list(bench.logs.read("x2", LogKind.SERVER)) == []
    assert bench.client.calls == []


def test_days_and_environments_are_one_log(bench: Bench) -> None:
    """In the order of time, also where an environment goes on past midnight."""
    bench.print("last week", ago=5 * 86400)
    bench.print("yesterday's, today", ago=60, started_ago=13 * 3600)
    bench.print("today", ago=120)
    bench.print("just now", ago=0)
    assert bench.texts() == ["last week", "today", "yesterday's, today", "just now"]


def test_what_is_older_than_a_week_is_not_looked_for(bench: Bench) -> None:
    """The operator finds it in CloudWatch; a log that is asked for costs a few calls at most."""
    bench.print("old", ago=8 * 86400)
    assert bench.texts() == []
    assert len(bench.client.calls) == 8


def test_the_newest_of_a_long_log(bench: Bench) -> None:
    """No more is fetched than is shown, and yesterday's are not looked for further than that."""
    for number in range(3000):
        bench.print(str(number), ago=3000 - number)
    assert bench.texts() == [str(number) for number in range(1000, 3000)]
    assert bench.client.pages <= 2000 / 3 + 1
    assert len(bench.client.calls) == 2


def test_following_costs_what_is_new(bench: Bench) -> None:
    """Who has read a line goes on after it: nothing twice, nothing left out, and two days are asked for."""
    bench.print("one")
    bench.print("two, in the same millisecond")
    first = bench.read()
    assert bench.texts(first[0].number + 1) == ["two, in the same millisecond"]
    assert bench.texts(first[1].number + 1) == []
    bench.now += timedelta(seconds=1)
    bench.print("three\nfour")
    bench.client.calls.clear()
    bench.client.pages = 0
    news = bench.read(first[1].number + 1)
    assert [line.text for line in news] == ["three", "four"]
    assert bench.texts(news[0].number + 1) == ["four"]
    assert len(bench.client.calls) == 4
    assert all(call["startTime"] >= first[0].number // 1000 for call in bench.client.calls)


def test_following_goes_on_past_midnight(bench: Bench) -> None:
    """With the environments of both days."""
    bench.print("before")
    [line] = bench.read()
    bench.now += timedelta(hours=13)
    bench.print("old environment", ago=2, started_ago=14 * 3600)
    bench.print("new environment", ago=1)
    assert bench.texts(line.number + 1) == ["old environment", "new environment"]


def test_a_flood_in_a_millisecond_is_read_once(bench: Bench) -> None:
    """Numbers grow, and who follows goes on behind it."""
    bench.print("\n".join(map(str, range(1500))))
    lines = bench.read()
    assert len(lines) == 1500
    assert [line.number for line in lines] == sorted(line.number for line in lines)
    assert bench.texts(lines[-1].number + 1) == []
