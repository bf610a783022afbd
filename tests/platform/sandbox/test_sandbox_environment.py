"""Which variables pass the programs that still have rights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.sandbox.environment import early, late
from battleshiper.platform.sandbox.port import SandboxError

names = st.text(st.characters(exclude_characters="=\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(names | st.sampled_from(["LD_PRELOAD", "LOCPATH", "GCONV_PATH"]), values))
def test_every_variable_goes_one_way_or_the_other(environment: dict[str, str]) -> None:
    """None is lost, none is said twice, and what loads code goes late."""
    first = early(environment)
    assert first[0] == "--clearenv"
    given_early = dict(zip(first[2::3], first[3::3], strict=True))
    given_late = dict(item.split("=", 1) for item in late(environment)[1:])
    assert {**given_early, **given_late} == environment
    assert not given_early.keys() & given_late.keys()
    assert not [name for name in given_early if name.startswith(("LD_", "GCONV_"))]


@pytest.mark.parametrize("name", ["", "A=B", "A\0"])
def test_what_is_no_name_is_refused(name: str) -> None:
    """The kernel could not tell it from another."""
    with pytest.raises(SandboxError):
        early({name: "x"})


def test_a_value_with_an_end_in_it_is_refused() -> None:
    """What follows a NUL would become another argument."""
    with pytest.raises(SandboxError):
        early({"A": "x\0--bind\0/\0/"})
