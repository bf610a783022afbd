"""What is done now and then."""

from collections.abc import Callable
from threading import Event

import pytest

from battleshiper.infra.chore import Chore
from battleshiper.infra.local.upkeep import Upkeep


class Counter:
    """A chore that counts, and tells when it was done often enough."""

    def __init__(self, enough: int = 1, fault: Exception | None = None) -> None:
        self.done = 0
        self.was_enough = Event()
        self._enough = enough
        self._fault = fault

    def __call__(self) -> None:
        self.done += 1
        if self.done == self._enough:
            self.was_enough.set()
        if self._fault:
            raise self._fault


@pytest.fixture
def keep_up() -> Callable[..., Upkeep]:
    """Start an upkeep that takes no pauses."""

    def start(*chores: Chore) -> Upkeep:
        upkeep = Upkeep(chores, first_seconds=0, round_seconds=0.001)
        upkeep.start()
        return upkeep

    return start


def test_a_failure_holds_up_nothing(keep_up, caplog: pytest.LogCaptureFixture) -> None:
    """A chore that fails is told of by its name and done again, and so is the one behind it."""
    failing, other = Counter(3, OSError("disk full")), Counter(3)
    upkeep = keep_up(Chore("the failing one", failing), Chore("the other one", other))
    assert failing.was_enough.wait(20)
    assert other.was_enough.wait(20)
    upkeep.close()
    assert "the failing one failed" in caplog.text


def test_some_chores_are_rarer(keep_up) -> None:
    """They are done in the first round, and then in each so many-th."""
    often, seldom = Counter(10), Counter()
    seen: list[int] = []
    upkeep = keep_up(Chore("seldom", lambda: (seldom(), seen.append(often.done)), every=4), Chore("often", often))
    assert often.was_enough.wait(20)
    upkeep.close()
    assert seen[:3] == [0, 4, 8]


def test_it_stops(keep_up) -> None:
    """Nothing is begun once it is closed, not even in the same round."""
    after = Counter()
    begun, closed = Event(), Event()

    def wait() -> None:
        begun.set()
        closed.wait(20)

    upkeep = keep_up(Chore("first", wait), Chore("second", after))
    assert begun.wait(20)
    upkeep.close()
    closed.set()
    upkeep.join()
    assert after.done == 0
