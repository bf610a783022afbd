"""Version ranges, as npm means them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.version import Range, RangeError, Version, parse_version


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("22", ["22.0.0", "22.9.9"], ["21.9.9", "23.0.0"]),
        ("v20.3", ["20.3.0", "20.3.9"], ["20.4.0"]),
        ("20.x", ["20.0.0"], ["21.0.0"]),
        ("*", ["0.0.1", "99.0.0"], []),
        ("", ["1.2.3"], []),
        (">=18", ["18.0.0", "24.1.0"], ["17.9.9"]),
        (">= 18 < 21", ["20.9.9"], ["21.0.0", "17.0.0"]),
        (">18", ["19.0.0"], ["18.9.9"]),
        ("<=20", ["20.9.9"], ["21.0.0"]),
        ("^20.3.1", ["20.3.1", "20.9.0"], ["20.3.0", "21.0.0"]),
        ("^0.2.3", ["0.2.9"], ["0.3.0"]),
        ("~20.3.1", ["20.3.9"], ["20.4.0"]),
        ("~20", ["20.9.0"], ["21.0.0"]),
        ("18 - 20.4", ["18.0.0", "20.4.9"], ["20.5.0"]),
        ("^18.13 || ^20.3 || >=22", ["18.14.0", "20.3.0", "23.0.0"], ["19.0.0", "18.12.0"]),
        ("=20.1.2", ["20.1.2"], ["20.1.3"]),
        ("20.1.2", ["20.1.2"], ["20.1.1"]),
        (">=20.0.0-rc.1", ["20.0.0"], ["19.9.9"]),
    ],
)
def test_ranges(text: str, inside: list[str], outside: list[str]) -> None:
    """Each range holds what npm says it holds."""
    wanted = Range(text)
    assert [version for version in inside if parse_version(version) not in wanted] == []
    assert [version for version in outside if parse_version(version) in wanted] == []


@pytest.mark.parametrize("text", ["latest", "lts/*", "20,1", ">>3", "twenty", "1.2.3.4", "20.3garbage", "9" * 300])
def test_what_is_no_range_is_refused(text: str) -> None:
    """Anything else is an error, not everything or nothing."""
    with pytest.raises(RangeError):
        Range(text)


@given(st.text(max_size=60))
def test_any_text_is_a_range_or_refused(text: str) -> None:
    """No input breaks the reader in another way."""
    try:
        Range(text)
    except RangeError:
        return


@given(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)))
def test_a_version_is_inside_its_own_ranges(parts: tuple[int, int, int]) -> None:
    """Exactly, by caret, by tilde and as either end of a hyphen range."""
    version = Version(*parts)
    for text in ("{0}", "^{0}", "~{0}", ">={0}", "<={0}", "{0} - {0}"):
        assert version in Range(text.format(version))
    assert version not in Range(f"<{version} || >{version}")
