"""The environment of a function."""

import pytest

from battleshiper.infra.aws.surroundings import MissingVariableError, Surroundings
from battleshiper.infra.aws.variables import Variable


@pytest.mark.parametrize("environment", [{}, {"BATTLESHIPER_TABLE": ""}])
def test_what_is_missing_is_named(environment: dict[str, str]) -> None:
    """A variable that is missing or empty is an error that names it and says what to do."""
    with pytest.raises(MissingVariableError, match=r"BATTLESHIPER_TABLE is not set.*deploy") as caught:
        Surroundings(environment)[Variable.TABLE]
    assert caught.value.variable is Variable.TABLE


def test_what_is_set_is_read() -> None:
    """Values are texts, or numbers where a number is asked for."""
    told = Surroundings({"BATTLESHIPER_TABLE": "t", "BATTLESHIPER_GITHUB_APP_ID": "7"})
    assert told[Variable.TABLE] == "t"
    assert told.number(Variable.GITHUB_APP_ID) == 7
