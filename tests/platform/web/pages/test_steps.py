"""A deployment's way in steps."""

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.web.pages.steps import steps_of


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        (State.QUEUED, "active ahead ahead ahead"),
        (State.AWAITING_APPROVAL, "active ahead ahead ahead"),
        (State.BUILDING, "done active ahead ahead"),
        (State.DEPLOYING, "done done active ahead"),
        (State.READY, "done done done done"),
        (State.FAILED, "done stopped ahead ahead"),
        (State.CANCELED, "stopped ahead ahead ahead"),
        (State.SKIPPED, "stopped ahead ahead ahead"),
    ],
)
def test_marks(desk, state: State, marks: str) -> None:
    """One is active while it moves, and one is where it stopped."""
    steps = steps_of(desk.scene.add_deployment(desk.project, state))
    assert [step.mark for step in steps] == marks.split()


def test_times(desk) -> None:
    """Each step ends where the next begins."""
    queued, building, deploying, ready = steps_of(desk.scene.add_deployment(desk.project, State.READY))
    assert queued.ended == building.began
    assert building.ended == deploying.began
    assert deploying.ended == ready.began
    assert None not in (queued.began, queued.ended, building.ended, deploying.ended)


def test_a_build_that_was_not_needed(desk) -> None:
    """A deployment that borrows another's build passes that step over."""
    queued = desk.scene.add_deployment(desk.project)
    steps = steps_of(desk.store.advance(queued, State.DEPLOYING))
    assert [step.mark for step in steps] == ["done", "passed", "active", "ahead"]
    assert steps[0].ended == steps[2].began
