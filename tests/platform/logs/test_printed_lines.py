"""Messages of functions, as Lambda brings them to their log."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.logs.port import LogLine
from battleshiper.platform.logs.printed import printed_lines

AT = "2026-05-04T12:00:00.000Z"
STAMP = "2026-05-04T11:59:59.987Z"
ID = "8f507cfc-1000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"{STAMP}\t{ID}\tINFO\thello ⚓\n", [(STAMP, "hello ⚓")]),
        (f"{STAMP}\tundefined\tERROR\tboom\n    at here\t(1:2)", [(STAMP, "boom"), (STAMP, "    at here\t(1:2)")]),
        (f"{STAMP}\t{ID}\tINFO\t\n", [(STAMP, "")]),
        ("printed past the console\n", [(AT, "printed past the console")]),
        (f"{STAMP} {ID} Task timed out\n\n", [(AT, f"{STAMP} {ID} Task timed out"), (AT, "")]),
        (
            json.dumps({"timestamp": STAMP, "level": "WARN", "requestId": ID, "message": "careful"}),
            [(STAMP, "careful")],
        ),
        (
            json.dumps({"timestamp": STAMP, "level": "ERROR", "requestId": ID, "message": {"errorMessage": "é"}}),
            [(STAMP, '{"errorMessage": "é"}')],
        ),
        (
            '{"timestamp": "now", "message": "the site\'s own"}',
            [(AT, '{"timestamp": "now", "message": "the site\'s own"}')],
        ),
        ("{not json", [(AT, "{not json")]),
        ("\x1b[31mred\u202e", [(AT, "\\x1b[31mred\\u202e")]),
    ],
)
def test_a_message_is_time_and_text(message: str, expected: list[tuple[str, str]]) -> None:
    """The console's own time goes before that of the message; what is not the console's stays as it was printed."""
    got = list(printed_lines(message, AT))
    assert [(line.at, line.text) for line in got] == expected


@pytest.mark.parametrize(
    "message",
    [
        f"START RequestId: {ID} Version: 7\n",
        f"END RequestId: {ID}\n",
        f"REPORT RequestId: {ID}\tDuration: 3.2 ms\tBilled Duration: 4 ms\tMemory Size: 256 MB\n",
        "INIT_START Runtime Version: nodejs:24.v1\tRuntime Version ARN: arn:aws:lambda:eu-central-1::runtime:1\n",
    ],
)
def test_what_lambda_says_of_every_run_is_left_out(message: str) -> None:
    """It drowns what the site prints."""
    assert list(printed_lines(message, AT)) == []


@given(st.text())
def test_whatever_is_printed_is_shown_safely(text: str) -> None:
    """Nothing printed breaks the log or hides: each line is one line."""
    for line in printed_lines(text, AT):
        assert isinstance(line, LogLine)
        assert "\n" not in line.text
        assert "\x1b" not in line.text
