"""Logs in files, beyond what all logs keep to."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.logs.files import FileLogs, LogPage
from battleshiper.platform.logs.line import format_lines, parse_line
from battleshiper.platform.logs.port import LogKind, LogLine

AT = "2026-05-04T12:00:00.000Z"


@pytest.fixture
def logs(tmp_path):
    """Logs of which one is written to by others."""
    return FileLogs(tmp_path, lambda: datetime(2026, 5, 4, 12, tzinfo=UTC))


@pytest.fixture
def path(logs):
    """The file that others write to."""
    return logs.path("x1", LogKind.SERVER)


def read(logs) -> list[LogLine]:
    """Return the lines of that file."""
    return list(logs.read("x1", LogKind.SERVER))


def test_a_program_may_write_its_own_log(logs, path, tmp_path):
    """At a place that is known before anything is written there."""
    assert path == tmp_path / "x1" / "server.log"
    path.write_text("2026-05-04T12:00:01.000Z from outside\n")
    logs.append("x1", LogKind.SERVER, "from here")
    assert read(logs) == [LogLine("2026-05-04T12:00:01.000Z", "from outside"), LogLine(AT, "from here")]


def test_a_line_without_a_time_has_that_of_the_line_before(logs, path):
    """Every line has one."""
    path.write_text(f"first\n{AT} second\n  third\n\n")
    lines = read(logs)
    assert [line.text for line in lines] == ["first", "second", "  third", ""]
    assert [line.at for line in lines[1:]] == [AT] * 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0].at)


def test_a_hostile_program_does_not_change_how_its_log_looks(logs, path):
    """What it writes directly is made safe when it is read."""
    path.write_bytes(AT.encode() + b" a\x1b]0;b\x07\xff\xc3\xa4\r\n\x00\r\r\n")
    assert [line.text for line in read(logs)] == ["a\\x1b]0;b\\x07\\xffä", "\\x00\\r"]


def test_an_unfinished_line_is_read_when_it_is_finished(logs, path):
    """Whole, and once; a later line from here does not run into it."""
    path.write_text(f"{AT} one\n{AT} tw")
    assert [line.text for line in read(logs)] == ["one"]
    assert logs.page("x1", LogKind.SERVER).offset == len(f"{AT} one\n")
    logs.append("x1", LogKind.SERVER, "three")
    assert [line.text for line in read(logs)] == ["one", "tw", "three"]


def test_an_endless_line_is_read_in_pieces(logs, path):
    """Nobody needs memory for all of it, and nothing of it is lost."""
    path.write_bytes(b"x" * 200_000 + b"\nend\n")
    texts = [line.text for line in read(logs)]
    assert "".join(texts[:-1]) == "x" * 200_000
    assert max(map(len, texts)) <= 64 * 1024
    assert texts[-1] == "end"


def test_following_a_log_reads_only_what_is_new(logs):
    """Each page goes on where the one before it ended."""
    logs.append("x1", LogKind.SERVER, "a\nb\nc")
    first = logs.page("x1", LogKind.SERVER, limit=2)
    assert [line.text for line in first.lines] == ["a", "b"]
    second = logs.page("x1", LogKind.SERVER, first.offset)
    assert [line.text for line in second.lines] == ["c"]
    assert logs.page("x1", LogKind.SERVER, second.offset) == LogPage([], second.offset)
    logs.append("x1", LogKind.SERVER, "d")
    assert [line.text for line in logs.page("x1", LogKind.SERVER, second.offset).lines] == ["d"]
    assert logs.page("x9", LogKind.SERVER) == LogPage([], 0)


@pytest.mark.parametrize("deployment", ["..", "a/b", ""])
def test_only_ids_have_files(logs, deployment):
    """Nobody writes elsewhere."""
    with pytest.raises(ValueError, match="no deployment's id"):
        logs.path(deployment, LogKind.BUILD)
    with pytest.raises(ValueError, match="no deployment's id"):
        logs.append(deployment, LogKind.BUILD, "x")


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_makes_safe_lines(text):
    """As many as it has line ends, and reading what was written changes nothing more."""
    raw = format_lines(text, AT)
    lines = [parse_line(line, "never") for line in raw.splitlines(keepends=True)]
    assert len(lines) == 1 + text.replace("\r\n", "\n").removesuffix("\n").count("\n")
    assert all(line.at == AT for line in lines)
    for line in lines:
        assert not any(ord(character) < 32 and character != "\t" for character in line.text)
    assert b"".join(format_lines(line.text, line.at) for line in lines) == raw


@given(st.binary())
def test_any_bytes_make_a_line(raw):
    """Nothing that a program writes cannot be read."""
    line = parse_line(raw, AT)
    line.text.encode()
