"""What functions print."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.functions.output import Output


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
def test_lines_do_not_depend_on_how_they_come(printed: bytes, cuts: list[int]) -> None:
    """However the bytes are cut into pieces, the same lines are logged, and none is lost."""
    lines: list[str] = []
    output = Output(lambda text: lines.extend(text.split("\n")))
    edges = [0, *sorted(min(cut, len(printed)) for cut in cuts), len(printed)]
    for start, end in itertools.pairwise(edges):
        output.add(printed[start:end])
    output.finish()
    expected = [line.decode("utf-8", "backslashreplace") for line in printed.split(b"\n")]
    assert lines == (expected[:-1] if expected[-1] == "" else expected)


def test_a_line_without_an_end_is_cut() -> None:
    """Memory is bounded, whatever a function prints."""
    lines: list[str] = []
    output = Output(lines.append)
    for _ in range(100):
        output.add(b"x" * 1000)
    assert len("".join(lines)) > 80_000
    assert max(map(len, lines)) < 20_000


def test_the_last_words_are_few() -> None:
    """A message for people carries the last lines, not the log."""
    output = Output(lambda text: None)
    for number in range(1000):
        output.add(f"line {number}\n".encode())
    told = output.after("It ended.")
    assert told.startswith("It ended. Its last words:\n")
    assert told.endswith("line 999")
    assert len(told) < 2200


def test_without_words_the_sentence_stands_alone() -> None:
    """Nothing is quoted of a function that printed nothing."""
    assert Output(lambda text: None).after("It ended.") == "It ended."


def test_a_log_that_takes_no_more_is_no_reason_to_stop() -> None:
    """The disk may be full; what was printed is still known."""

    def refuse(text: str) -> None:
        raise OSError("no space left on device")

    output = Output(refuse)
    output.add(b"said\n")
    output.say("It ended.")
    assert "said" in output.after("It ended.")
