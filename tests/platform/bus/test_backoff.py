"""How long an event waits before it is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.bus.backoff import Backoff


def test_pauses_grow_up_to_a_bound():
    """Each is twice the one before until the longest, and the last failure has none."""
    backoff = Backoff(attempts=6, first_seconds=2, longest_seconds=10)
    assert [backoff.pause(failures, lambda: 1.0) for failures in range(1, 8)] == [2, 4, 8, 10, 10, None, None]


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_chance_takes_at_most_half(failures, chance):
    """However many failures there were."""
    backoff = Backoff(attempts=10**7, first_seconds=2, longest_seconds=300)
    pause = backoff.pause(failures, lambda: chance)
    assert 1 <= pause <= 300
    assert pause >= backoff.pause(failures, lambda: 1.0) / 2
