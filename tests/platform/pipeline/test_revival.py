"""News that could not be told are told after all."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.pipeline.revival import Revival


class Letters:
    """Dead letters in a list, and which of them were revived."""

    def __init__(self, letters: Iterable[DeadLetter]) -> None:
        self.letters = list(letters)
        self.revived: list[str] = []

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """Return them."""
        return self.letters[:limit]

    def revive(self, event_id: str) -> bool:
        """Note it."""
        self.revived.append(event_id)
        return True

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        """Forget none."""
        return 0


def revived(world, event_type: EventType, deployment_id: str, age: timedelta) -> list[str]:
    """Return what is revived of one letter that died so long ago."""
    event = Event(event_type, {"deployment": deployment_id}, id="e1")
    letters = Letters([DeadLetter(event, "boom", 8, world.now - age)])
    count = Revival(world.store, letters, world.clock).revive()
    assert count == len(letters.revived)
    return letters.revived


def test_news_live_again(world) -> None:
    """An hour after they died, while they are worth telling."""
    deployment, _ = world.push()
    news = EventType.DEPLOYMENT_CHANGED
    assert revived(world, news, deployment.id, timedelta(minutes=59)) == []
    assert revived(world, news, deployment.id, timedelta(minutes=61)) == ["e1"]
    world.now += timedelta(days=3)
    assert revived(world, news, deployment.id, timedelta(minutes=61)) == []


@pytest.mark.parametrize("event_type", [each for each in EventType if each is not EventType.DEPLOYMENT_CHANGED])
def test_what_does_something_stays_dead(world, event_type: EventType) -> None:
    """Builds and the like are for people to revive."""
    deployment, _ = world.push()
    assert revived(world, event_type, deployment.id, timedelta(hours=2)) == []


def test_news_of_nothing(world) -> None:
    """A deployment that is gone has none."""
    world.project()
    assert revived(world, EventType.DEPLOYMENT_CHANGED, "gone", timedelta(hours=2)) == []
