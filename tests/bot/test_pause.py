"""Pauses between attempts to reach GitHub."""

from datetime import UTC, datetime, timedelta

from battleshiper.bot.pause import Pause


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)


def test_everybody_waits_and_then_one_goes_first() -> None:
    """After a pause a single caller tries; the next one waits for its turn to end."""
    clock = Clock()
    pause = Pause(clock)
    assert pause.seconds_left(1) == 0
    pause.begin(1, 30)
    assert pause.seconds_left(1) == 30
    assert pause.seconds_left(2) == 0
    clock.wait(30)
    assert pause.seconds_left(1) == 0
    assert pause.seconds_left(1) > 0
    clock.wait(60)
    assert pause.seconds_left(1) == 0


def test_a_success_lets_everybody_go() -> None:
    """The pause ends at once when somebody got through."""
    pause = Pause(Clock())
    pause.begin(1, 30)
    pause.end(1)
    assert [pause.seconds_left(1) for _ in range(3)] == [0, 0, 0]


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    """GitHub's own word outlasts our guess."""
    pause = Pause(Clock())
    pause.begin(1, 600)
    pause.begin(1, 5)
    assert pause.seconds_left(1) == 600


def test_who_tried_in_vain_sets_the_next_pause() -> None:
    """The turn that was taken does not lengthen the pause that follows it."""
    clock = Clock()
    pause = Pause(clock)
    pause.begin(1, 5)
    clock.wait(5)
    assert pause.seconds_left(1) == 0
    pause.begin(1, 8)
    assert pause.seconds_left(1) == 8
