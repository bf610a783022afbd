"""How soon a function that ended by itself is started again."""

from battleshiper.platform.functions.recovery import Recovery


def test_the_first_end_costs_no_time() -> None:
    """One crash is an accident."""
    recovery = Recovery()
    recovery.ended(100.0, lived=1.0, failure="It ended.")
    assert recovery.remaining(100.0) == 0.0


def test_who_keeps_ending_waits_longer_and_longer_up_to_a_limit() -> None:
    """A function that cannot start does not keep the machine busy."""
    recovery = Recovery()
    pauses = []
    for _ in range(12):
        recovery.ended(100.0, lived=0.1, failure="It ended.")
        pauses.append(recovery.remaining(100.0))
    assert pauses[:5] == [0.0, 0.5, 1.0, 2.0, 4.0]
    assert pauses[-1] == 30.0
    assert recovery.remaining(120.0) == 10.0
    assert recovery.remaining(500.0) == 0.0


def test_a_long_life_makes_good() -> None:
    """Ends are counted in a row."""
    recovery = Recovery()
    for lived in (0.1, 0.1, 0.1, 3600.0):
        recovery.ended(100.0, lived=lived, failure="It ended.")
    assert recovery.remaining(100.0) == 0.0
