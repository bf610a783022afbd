"""Looking again and again, and saying so."""

import pytest
from aws.patience import Patience

from battleshiper.infra.aws.operation.waiting import Hint, duration


@pytest.fixture
def patience() -> Patience:
    """A clock of our own."""
    return Patience()


def test_what_is_there_is_not_waited_for(patience) -> None:
    """Nothing is told and nobody sleeps."""
    assert patience.waiting.until(lambda: "there", "it", most=60) == "there"
    assert (patience.told, patience.now) == ([], 0.0)


def test_it_says_since_when(patience) -> None:
    """A line a minute, and a hint once its time has come."""
    found: list[str] = []
    patience.after(170, lambda: found.append("there"))
    hints = (Hint(100.0, "Look there."), Hint(1000.0, "Never."))
    got = patience.waiting.until(lambda: found[0] if found else None, "it", most=600, hints=hints)
    assert got == "there"
    assert patience.told == [
        "Waiting for it",
        "Waiting for it, for 1 min now",
        "  Look there.",
        "Waiting for it, for 2 min now",
    ]


def test_it_gives_up_in_time(patience) -> None:
    """After the longest time, and with a last look, it returns nothing."""
    looks = []
    assert patience.waiting.until(lambda: looks.append(patience.now), "it", every=15.0, most=40.0) is None
    assert looks == [0.0, 15.0, 30.0, 40.0]


def test_times_are_short() -> None:
    """Minutes are whole."""
    assert [duration(seconds) for seconds in (5, 60, 3599)] == ["5 s", "1 min", "59 min"]
