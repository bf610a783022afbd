"""Lines made from what programs print."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.build_runner.log.lines import MAX_LINE_BYTES, Lines, clean
from battleshiper.build_runner.log.mask import MASK, Mask

TOKEN = "ghs_averysecrettoken"


def lines_of(*chunks: bytes, mask: Mask | None = None) -> list[str]:
    lines = Lines(mask or Mask([]))
    return [line for chunk in chunks for line in lines.feed(chunk)] + lines.finish()


@given(st.lists(st.integers(0, 200), max_size=8), st.text(alphabet="ab \n", max_size=30))
def test_a_secret_split_over_writes_is_masked(cuts: list[int], around: str) -> None:
    """However the bytes arrive, the token never shows."""
    data = f"{around}{TOKEN}{around}\n{TOKEN}".encode()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    shown = lines_of(*chunks, mask=Mask([TOKEN]))
    assert shown == lines_of(data, mask=Mask([TOKEN]))
    assert "".join(shown).count(MASK) == 2
    assert TOKEN not in "".join(shown)


@given(st.lists(st.binary(max_size=300)))
def test_any_bytes_become_printable_lines(chunks: list[bytes]) -> None:
    """Whatever a program prints, a line has no control characters and is one line for every reader."""
    for line in lines_of(*chunks):
        assert len(line.splitlines()) <= 1
        assert not any(
            unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in line.replace("\t", "")
        )
        line.encode()


def test_colours_and_titles_are_dropped() -> None:
    """Escape sequences of terminals leave the text alone."""
    assert clean(b"\x1b[32m\xe2\x9c\x93\x1b[39m built\x1b]0;title\x07 in 1s") == "✓ built in 1s"


def test_overwritten_progress_shows_its_last_state() -> None:
    """A progress bar is one line: what a terminal would show at the end."""
    assert clean(b"10%\r50%\r100%\r") == "100%"


def test_control_bytes_and_broken_text_are_visible() -> None:
    """What is not text is shown as an escape."""
    assert clean(b"a\x07b\xffc\tTab") == "a\\x07b\\xffc\tTab"
    assert clean("safe\u202etxt.exe".encode()) == "safe\\u202etxt.exe"


def test_a_long_line_is_cut() -> None:
    """An endless line costs 8 KB, and the next line is whole again."""
    first, second = lines_of(*[b"x" * 50_000] * 40, b"\nnext\n")
    assert first.startswith("x" * MAX_LINE_BYTES)
    assert first.endswith("(line cut)")
    assert len(first) < MAX_LINE_BYTES + 30
    assert second == "next"


def test_a_secret_at_the_edge_of_what_is_held_does_not_show() -> None:
    """Masks that shrink an endless line cannot bring half a secret to light."""
    secret = "s" * 3 + "ecret" * 800
    held = (secret.encode() + b"-") * 400
    for line in lines_of(held, mask=Mask([secret])):
        assert "ecretecret" not in line
