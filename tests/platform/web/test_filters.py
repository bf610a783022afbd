"""Texts that become markup, as far as we want it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.web.filters import mark_code


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("`npm ci` ended with 1.", "<code>npm ci</code> ended with 1."),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("a ` b", "a ` b"),
        ("``", "``"),
    ],
)
def test_code_in_a_sentence(text: str, markup: str) -> None:
    """What stands between backticks is code; a single one is none."""
    assert mark_code(text) == markup


@given(st.text(alphabet="`<>&\"'ab\n"))
def test_nothing_else_is_markup(text: str) -> None:
    """Whatever the text, there is no other tag."""
    left = str(mark_code(text)).replace("<code>", "").replace("</code>", "")
    assert not set("<>\"'") & set(left)
