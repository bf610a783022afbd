"""The states of a deployment: forward only, and always to an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.deployment import State

FINAL = {State.READY, State.FAILED, State.CANCELED, State.SUPERSEDED, State.SKIPPED}


def test_the_way_of_a_good_deployment() -> None:
    """Waiting, building and deploying follow each other; nothing but the build can be left out, where another's is
    used."""
    way = [State.AWAITING_APPROVAL, State.QUEUED, State.BUILDING, State.DEPLOYING, State.READY]
    for at, state in enumerate(way):
        reach = 3 if state is State.QUEUED else 2
        assert [later for later in way if state.may_become(later)] == way[at + 1 : at + reach]


@pytest.mark.parametrize("state", State)
def test_final_states(state: State) -> None:
    """A state is final exactly when nothing can follow."""
    assert state.is_final == (state in FINAL)
    assert state.is_final == (not any(state.may_become(other) for other in State))


@pytest.mark.parametrize("state", [state for state in State if state not in FINAL])
@pytest.mark.parametrize("end", [State.FAILED, State.CANCELED, State.SUPERSEDED])
def test_anything_unfinished_can_be_ended(state: State, end: State) -> None:
    """No deployment can get stuck for want of an end."""
    assert state.may_become(end)


def test_what_is_skipped_was_not_published() -> None:
    """A skip is decided on the push, in the queue or at the begin of a build, and never once there is an output."""
    assert [state for state in State if state.may_become(State.SKIPPED)] == [State.QUEUED, State.BUILDING]


@given(start=st.sampled_from(State), wishes=st.lists(st.sampled_from(State), max_size=30))
def test_no_state_comes_twice(start: State, wishes: list[State]) -> None:
    """Whatever is asked for in whatever order, a deployment never returns to a state and stops at a final one."""
    seen = [start]
    for wish in wishes:
        if seen[-1].may_become(wish):
            seen.append(wish)
    assert len(set(seen)) == len(seen)
    assert not any(state.is_final for state in seen[:-1])
