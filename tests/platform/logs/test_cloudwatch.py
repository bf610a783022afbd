"""Logs in CloudWatch, beyond what all logs keep to."""

from datetime import UTC, datetime

import pytest
from aws.logs import BUILDS, DEPLOYS, PREFIX, logs_client

from battleshiper.platform.logs.cloudwatch import CloudWatchLogs
from battleshiper.platform.logs.port import LogKind, LogLine

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
AT = "2026-05-04T12:00:00.123Z"


def clock() -> datetime:
    """Return a time that stands still."""
    return NOW


@pytest.fixture
def client():
    """CloudWatch with the groups that the stack makes."""
    with logs_client(clock) as client:
        yield client


@pytest.fixture
def streams() -> dict[str, list[str]]:
    """Each deployment's streams of Batch."""
    return {}


@pytest.fixture
def logs(client, streams) -> CloudWatchLogs:
    """The logs."""
    return CloudWatchLogs(client, PREFIX, lambda deployment: streams.get(deployment, []), clock)


def texts(logs, kind: LogKind = LogKind.DEPLOY, start: int = 0) -> list[str]:
    """Return the text of each line of deployment x1."""
    return [line.text for line in logs.read("x1", kind, start)]


def printed(client, stream: str, *messages: str, milliseconds: int = 0) -> None:
    """Print lines as a build in Batch does, some time after NOW."""
    moment = int(NOW.timestamp() * 1000) + milliseconds
    client.create_log_stream(logGroupName=BUILDS, logStreamName=stream)
    client.put_log_events(
        logGroupName=BUILDS,
        logStreamName=stream,
        logEvents=[{"timestamp": moment, "message": message} for message in messages],
    )


def watch(client, operation: str) -> list[dict]:
    """Return the list that calls of an operation will be added to."""
    calls: list[dict] = []

    def remember(params, **_):
        calls.append(dict(params))

    client.meta.events.register(f"provide-client-params.logs.{operation}", remember)
    return calls


def test_what_a_build_printed_is_found_by_its_streams(client, streams, logs):
    """Attempt after attempt, as the given function names them; other builds and other logs are not mixed in."""
    printed(client, "build/default/second", f"{AT} again")
    printed(client, "build/default/first", f"{AT} one", f"{AT} two")
    printed(client, "build/default/other", f"{AT} of somebody else")
    streams["x1"] = ["build/default/first", "build/default/second"]
    logs.append("x1", LogKind.DEPLOY, "deployed")
    assert texts(logs, LogKind.BUILD) == ["one", "two", "again"]
    assert texts(logs, LogKind.BUILD, 2) == ["again"]
    assert texts(logs, LogKind.DEPLOY) == ["deployed"]
    assert list(logs.read("x2", LogKind.BUILD)) == []


def test_a_stream_that_is_gone_hides_no_other(client, streams, logs):
    """It ended with its group's retention, or its attempt has printed nothing yet."""
    printed(client, "later", "here")
    streams["x1"] = ["gone", "later"]
    assert texts(logs, LogKind.BUILD) == ["here"]


def test_a_line_that_is_not_ours_has_the_time_at_which_it_came(client, streams, logs):
    """What the container says before the runner begins has no stamp, and is made safe like all others."""
    printed(client, "raw", "exec: \x1b[31mnot found", milliseconds=1500)
    streams["x1"] = ["raw"]
    assert list(logs.read("x1", LogKind.BUILD)) == [LogLine("2026-05-04T12:00:01.623Z", "exec: \\x1b[31mnot found")]


def test_what_is_no_id_is_not_asked_for(client, logs):
    """Neither of Batch nor of CloudWatch; and nothing is written under such a name."""
    calls = watch(client, "*")
    assert list(logs.read("a/b", LogKind.BUILD)) == []
    for use in (lambda: logs.append("a/b", LogKind.BUILD, "x"), lambda: logs.delete("a/b")):
        with pytest.raises(ValueError, match="no deployment's id"):
            use()
    assert calls == []
    assert texts(logs) == []
    assert len(calls) == 1


def test_a_log_is_read_page_by_page(client, logs):
    """To its end, and from any line on."""
    logs.append("x1", LogKind.DEPLOY, "\n".join(map(str, range(10))))

    def shorten(params, **_):
        params["limit"] = 3

    client.meta.events.register("provide-client-params.logs.GetLogEvents", shorten)
    pages = watch(client, "GetLogEvents")
    assert texts(logs) == [str(number) for number in range(10)]
    assert len(pages) >= 4
    assert texts(logs, start=7) == ["7", "8", "9"]


def test_a_text_of_many_lines_is_written_in_several_calls(client, logs):
    """CloudWatch takes 10,000 events in one."""
    logs.append("x1", LogKind.DEPLOY, "first")
    calls = watch(client, "PutLogEvents")
    lines = [str(number) for number in range(10_001)]
    logs.append("x1", LogKind.DEPLOY, "\n".join(lines))
    assert [len(call["logEvents"]) for call in calls] == [10_000, 1]
    assert texts(logs, start=1) == lines


def test_a_line_that_is_too_long_is_read_as_several(logs):
    """Nothing of it is lost, and all of it has the same time."""
    logs.append("x1", LogKind.DEPLOY, "⚓" * 50_000)
    lines = list(logs.read("x1", LogKind.DEPLOY))
    assert len(lines) == 3
    assert "".join(line.text for line in lines) == "⚓" * 50_000
    assert {line.at for line in lines} == {AT}


def test_two_who_begin_a_log_at_once(client, logs):
    """The one who was slower to make the stream writes to it all the same."""
    other = CloudWatchLogs(client, PREFIX, lambda _: (), clock)
    turns = [lambda: other.append("x1", LogKind.DEPLOY, "theirs")]

    def overtake(**_):
        if turns:
            turns.pop()()

    client.meta.events.register("before-call.logs.CreateLogStream", overtake)
    logs.append("x1", LogKind.DEPLOY, "ours")
    assert texts(logs) == ["theirs", "ours"]


def test_a_line_that_could_not_be_written_does_not_fill_the_log(client):
    """Only what CloudWatch has taken counts."""
    logs = CloudWatchLogs(client, PREFIX, lambda _: (), clock, max_bytes=200)
    client.delete_log_group(logGroupName=DEPLOYS)
    for _ in range(3):
        with pytest.raises(client.exceptions.ResourceNotFoundException, match="log group"):
            logs.append("x1", LogKind.DEPLOY, "x" * 80)
    client.create_log_group(logGroupName=DEPLOYS)
    logs.append("x1", LogKind.DEPLOY, "x" * 80)
    assert texts(logs) == ["x" * 80]
