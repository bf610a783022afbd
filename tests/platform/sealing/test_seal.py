"""Texts that only the platform reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.secrets.port import SecretsError

KEY = "k" * 43


@given(
    text=st.text(st.characters(exclude_categories=["Cs"])), context=st.text(st.characters(exclude_categories=["Cs"]))
)
def test_what_was_sealed_is_opened(text: str, context: str) -> None:
    """And looks different each time."""
    seal = Seal(lambda: KEY)
    sealed = seal.seal(text, context)
    assert seal.open(sealed, context) == text
    assert seal.seal(text, context) != sealed


@pytest.mark.parametrize("sealed", ["", "x", "é", "AAAA", None])
def test_what_was_not_sealed_like_this(sealed: str | None) -> None:
    """Another context, another key, a changed text and nonsense are refused."""
    seal, good = Seal(lambda: KEY), Seal(lambda: KEY).seal("secret", "p1 TOKEN")
    for opener, text, context in (
        (seal, good, "p2 TOKEN"),
        (Seal(lambda: "l" * 43), good, "p1 TOKEN"),
        (seal, good[:-4] + "AAAA", "p1 TOKEN"),
        (seal, sealed if sealed is not None else good + "AAAA", "p1 TOKEN"),
    ):
        with pytest.raises(SecretsError, match="set the variable again"):
            opener.open(text, context)
