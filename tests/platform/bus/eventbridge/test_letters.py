"""Dead letters in the table, beyond what every bus keeps to."""

from datetime import timedelta

import pytest

from battleshiper.platform.bus.eventbridge.bus import PublishError
from battleshiper.platform.model.event import Event, EventType

DEAD = Event(EventType.DEPLOY, {"deployment": "d1", "text": "\ud83d\0"}, "group", "e1")


def test_a_letter_is_the_event(step):
    """As it was, with when it died."""
    step.letters.bury(DEAD, "x" * 5000, 3)
    (letter,) = step.letters.dead_letters()
    assert letter.event == DEAD
    assert (letter.error, letter.attempts, letter.died_at) == ("x" * 2000, 3, step.clock.now)


def test_many_letters_are_listed_newest_first(step):
    """As many as are asked for."""
    for number in range(120):
        step.letters.bury(Event(EventType.BUILD, {}, id=f"e{number}"), "no", 2)
        step.clock.advance(timedelta(seconds=1))
    assert [letter.event.id for letter in step.letters.dead_letters(3)] == ["e119", "e118", "e117"]
    assert len(step.letters.dead_letters(1000)) == 120


def test_a_worthless_letter_takes_no_place(step):
    """Whoever guesses an id cannot hide what died under it."""
    step.letters.bury(DEAD, "real", 10)
    step.letters.bury(Event(EventType.DEPLOY, {}, id="e1"), "forged", 1)
    assert [letter.error for letter in step.letters.dead_letters()] == ["real"]


def test_a_letter_that_cannot_be_published_stays(step):
    """It can be revived once the bus takes it."""
    step.letters.bury(DEAD, "no", 3)
    step.bus.failure = PublishError(1, "throttled")
    with pytest.raises(PublishError):
        step.letters.revive("e1")
    assert step.letters.dead_letters()
    step.bus.failure = None
    assert step.letters.revive("e1")
    assert step.bus.published == [DEAD]
    assert not step.letters.revive("e1")
