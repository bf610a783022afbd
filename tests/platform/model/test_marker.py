"""What in a commit's message asks to skip it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.marker import find_marker

MARKERS = [
    *(f"[skip {what}]" for what in ("ci", "deploy", "battleshiper")),
    *(f"[{what} skip]" for what in ("ci", "deploy", "battleshiper")),
    *("[no ci]", "[skip-ci]", "[ci-skip]"),
]
plain = st.text(st.characters(exclude_characters="[]", codec="utf-8"), max_size=200)


@st.composite
def cased(draw: st.DrawFn, markers: list[str] = MARKERS) -> str:
    """Any marker, each letter small or large."""
    marker = draw(st.sampled_from(markers))
    return "".join(letter.upper() if draw(st.booleans()) else letter for letter in marker)


@given(plain, cased(), plain)
def test_a_marker_is_found_anywhere_and_in_any_case(before: str, marker: str, after: str) -> None:
    """Whatever stands around it, in the first line or not; it is told as people know it."""
    assert find_marker(before + marker + after) == marker.lower()


@given(plain, cased(), cased())
def test_the_first_of_several_is_told(before: str, first: str, second: str) -> None:
    """One reason is enough."""
    assert find_marker(f"{before}{first} {second}") == first.lower()


@given(plain)
def test_words_without_brackets_are_no_marker(text: str) -> None:
    """A message that only speaks of skipping is built."""
    assert find_marker(f"{text} skip ci, ci skip {text}") is None


@given(cased(), st.data())
def test_a_marker_with_anything_else_in_it_is_none(marker: str, data: st.DataObject) -> None:
    """One letter more, wherever it stands between the brackets."""
    place = data.draw(st.integers(1, len(marker) - 1))
    assert find_marker(f"{marker[:place]}x{marker[place:]}") is None


LOOK_ALIKES = [
    "[\N{LATIN SMALL LETTER LONG S}kip ci]",
    "[s\N{KELVIN SIGN}ip ci]",
    "[skip c\N{LATIN SMALL LETTER DOTLESS I}]",
]
OTHERS = [
    "",
    "[skip]",
    "[skip  ci]",
    "[skip\nci]",
    "[skip_ci]",
    "[skip actions]",
    "(skip ci)",
    "[skip ci",
    "skip-checks: true",
]


@pytest.mark.parametrize("message", LOOK_ALIKES + OTHERS)
def test_what_is_no_marker(message: str) -> None:
    """What is about GitHub's own workflows alone, what is written otherwise, and letters that only look alike."""
    assert find_marker(message) is None


def test_a_long_message_takes_no_time() -> None:
    """Megabytes of almost-markers are read once."""
    assert find_marker("[skip " * 500_000 + "[ci skip]") == "[ci skip]"
