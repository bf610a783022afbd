"""Which lines of a log a page shows."""

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.logs.port import LogLine
from battleshiper.platform.web.pages.log_window import MOST_LINES, read_wanted, read_window

LINES = [LogLine(f"2026-01-01T00:00:{number % 60:02}.000Z", f"line {number}", number) for number in range(1500)]


@given(st.integers(0, 1500), st.none() | st.integers(0, 2000), st.sampled_from(["", "9", "LINE 1", "nothing"]))
def test_a_window_is_a_part_of_what_is_wanted(length: int, start: int | None, search: str) -> None:
    """It has as many lines as fit, in their order, with nothing between them left out."""
    lines = LINES[:length]
    wanted = [line for line in lines if search.lower() in line.text]
    window = read_window(lines, read_wanted({"q": search} | ({} if start is None else {"from": str(start + 1)})))
    expected = wanted[-MOST_LINES:] if start is None else [each for each in wanted if each.number >= start][:MOST_LINES]
    assert list(window.lines) == expected
    assert (window.found, window.following) == (len(wanted), length)


@given(st.integers(0, 1500))
def test_all_lines_can_be_come_to(length: int) -> None:
    """From the end back to the beginning, and on from there to the end, every line is seen."""
    lines = LINES[:length]
    window = read_window(lines, read_wanted({}))
    back = set(window.lines)
    while window.earlier is not None:
        window = read_window(lines, read_wanted({"from": str(window.earlier + 1)}))
        back |= set(window.lines)
    on = set(window.lines)
    while window.later is not None:
        window = read_window(lines, read_wanted({"from": str(window.later + 1)}))
        on |= set(window.lines)
    assert back == on == set(lines)
