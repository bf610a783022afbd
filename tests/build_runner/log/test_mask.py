"""Masking of secrets in all the forms they usually take."""

import base64
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.build_runner.log.mask import MASK, Mask

TOKEN = "ghs_Zq8kP3xT/7+y=mN0"


@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_a_secret_inside_longer_base64_is_masked(before: bytes, after: bytes) -> None:
    """Wherever the token lies inside encoded text, its encoding is gone."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(before + TOKEN.encode() + after).decode()
        shown = Mask([TOKEN]).apply(encoded)
        assert MASK in shown
        assert encoded not in shown


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=4))
def test_a_secret_is_masked_as_it_is_and_encoded(secret: str) -> None:
    """Raw, JSON and URL forms of any secret disappear from text around them."""
    mask = Mask([secret])
    for form in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), secret.encode().hex()):
        assert mask.apply(f"«{form}»") == f"«{MASK}»"


def test_a_secret_of_several_lines_is_masked_by_line() -> None:
    """A private key printed with its line breaks is masked in each line."""
    mask = Mask(["-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n"])
    assert mask.apply("  abcdefgh") == f"  {MASK}"


def test_the_longer_of_two_secrets_wins() -> None:
    """No tail of a long secret stays because a short one is its beginning."""
    assert Mask(["secret", "secret-and-more"]).apply("secret-and-more") == MASK


def test_values_too_short_to_be_secrets_stay() -> None:
    """An empty or tiny value does not black out the log."""
    assert Mask(["", "1", "yes"]).apply("yes, 1 and 2") == "yes, 1 and 2"
