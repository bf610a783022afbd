"""All logs keep to these."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.logs.port import LogKind, LogLine


def texts(logs, deployment: str = "x1", kind: LogKind = LogKind.BUILD, start: int = 0) -> list[str]:
    """Return the text of each line."""
    return [line.text for line in logs.read(deployment, kind, start)]


def test_lines_are_read_as_they_were_added(logs, clock):
    """In order, each with its time, in the log it was added to."""
    logs.append("x1", LogKind.BUILD, "one ⚓")
    clock.advance(1.5)
    logs.append("x1", LogKind.BUILD, "")
    logs.append("x1", LogKind.DEPLOY, "other kind")
    logs.append("x2", LogKind.BUILD, "other deployment")
    assert list(logs.read("x1", LogKind.BUILD)) == [
        LogLine("2026-05-04T12:00:00.123Z", "one ⚓"),
        LogLine("2026-05-04T12:00:01.623Z", ""),
    ]
    assert texts(logs, "x1", LogKind.DEPLOY) == ["other kind"]
    assert texts(logs, "x2") == ["other deployment"]


def test_reading_goes_on_from_a_line(logs):
    """Who has seen three lines asks for what follows the number of the third."""
    for number in range(5):
        logs.append("x1", LogKind.BUILD, str(number))
    numbers = [line.number for line in logs.read("x1", LogKind.BUILD)]
    assert numbers == sorted(set(numbers))
    assert texts(logs, start=numbers[2] + 1) == ["3", "4"]
    assert texts(logs, start=numbers[4] + 1) == []
    logs.append("x1", LogKind.BUILD, "5")
    assert texts(logs, start=numbers[4] + 1) == ["5"]


@pytest.mark.parametrize("deployment", ["never", "", "..", "../x1", "a/b", "x" * 1000, "a\0b", "\ud83d"])
def test_an_unknown_log_is_empty(logs, deployment):
    """Whatever is asked for."""
    logs.append("x1", LogKind.BUILD, "here")
    assert texts(logs, deployment) == []
    assert texts(logs, "x1", LogKind.SERVER) == []


def test_many_lines_are_many_lines(logs):
    """A text of several lines adds several, each stamped."""
    logs.append("x1", LogKind.BUILD, "Error: no\r\n\tat here\n\nend\n")
    assert texts(logs) == ["Error: no", "\tat here", "", "end"]


def test_nothing_in_a_line_changes_how_the_log_looks(logs):
    """Control characters, line ends in disguise and turned text are shown, not obeyed; nothing broken is lost."""
    logs.append("x1", LogKind.BUILD, "a\x1b[2Jb\rc\x00d\x85e\u2028f\u202eg\ud83dh\x7f")
    assert texts(logs) == ["a\\x1b[2Jb\\rc\\x00d\\x85e\\u2028f\\u202eg\\ud83dh\\x7f"]


def test_a_full_log_says_so_and_takes_no_more(logs):
    """The log of a program that never stops is bounded, and a short line does not slip in after the end."""
    for _ in range(200):
        logs.append("x1", LogKind.BUILD, "x" * 100)
    logs.append("x1", LogKind.BUILD, "short")
    lines = texts(logs)
    assert sum(len(line) for line in lines) <= 4096
    assert "full" in lines[-1]
    assert set(lines[:-1]) == {"x" * 100}


def test_a_line_that_never_fits_fills_the_log(logs):
    """It is not kept in part."""
    logs.append("x1", LogKind.BUILD, "before")
    logs.append("x1", LogKind.BUILD, "y" * 10_000)
    before, last = texts(logs)
    assert before == "before"
    assert "full" in last


def test_lines_added_at_once_stay_whole(logs):
    """Twenty threads write; no line is lost or torn."""
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: logs.append("x1", LogKind.BUILD, f"{number:02}" * 10), range(40)))
    assert sorted(texts(logs)) == [f"{number:02}" * 10 for number in range(40)]


def test_deleted_logs_are_gone(logs):
    """All kinds of one deployment, again or not; others stay, and a new log may begin."""
    logs.append("x1", LogKind.BUILD, "old")
    logs.append("x1", LogKind.DEPLOY, "old")
    logs.append("x2", LogKind.BUILD, "stays")
    logs.delete("x1")
    logs.delete("x1")
    assert texts(logs) == texts(logs, "x1", LogKind.DEPLOY) == []
    assert texts(logs, "x2") == ["stays"]
    logs.append("x1", LogKind.BUILD, "new")
    assert texts(logs) == ["new"]


def test_what_is_served_is_followed(served, clock):
    """What a function prints is in the server's log, and who has read it goes on from there."""
    served.say("one ⚓")
    served.say("two\nthree")
    lines = list(served.logs.read("x1", LogKind.SERVER))
    assert lines == [LogLine("2026-05-04T12:00:00.123Z", text) for text in ("one ⚓", "two", "three")]
    clock.advance(1)
    served.say("\x1b[31mfour")
    assert texts(served.logs, "x1", LogKind.SERVER, lines[1].number + 1) == ["three", "\\x1b[31mfour"]
    assert texts(served.logs, "x2", LogKind.SERVER) == []
