"""Networks that are made before they are needed."""

from itertools import count
from threading import Event
from typing import Any

import pytest

from battleshiper.platform.sandbox.ahead import NetworkAhead
from battleshiper.platform.sandbox.port import SandboxError


class FakeNetwork:
    """A network by its number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Yard:
    """Makes networks and remembers them; the time is what it says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.made: list[FakeNetwork] = []
        self.is_made = Event()
        self._numbers = count(1)
        self.ahead: Any = NetworkAhead(self.make, lambda: self.now)  # type: ignore[arg-type]

    def make(self) -> FakeNetwork:
        self.made.append(FakeNetwork(next(self._numbers)))
        self.is_made.set()
        return self.made[-1]


@pytest.fixture
def yard() -> Yard:
    return Yard()


def test_expected_network_is_there_before_it_is_taken(yard: Yard) -> None:
    """It is made without waiting for the taker, once however often it is expected, and handed out once."""
    yard.ahead.expect()
    yard.ahead.expect()
    assert yard.is_made.wait(20)
    assert [yard.ahead.take().number, yard.ahead.take().number] == [1, 2]


def test_unexpected_network_is_made(yard: Yard) -> None:
    """Who told nobody gets one all the same."""
    assert yard.ahead.take().number == 1


def test_old_network_is_not_used(yard: Yard) -> None:
    """One that was expected long ago does not shut off what the machine has become since."""
    yard.ahead.expect()
    assert yard.is_made.wait(20)
    yard.now = 61.0
    assert yard.ahead.take().number == 2
    assert [network.is_closed for network in yard.made] == [True, False]


def test_failure_reaches_the_taker() -> None:
    """A network that cannot be made is the taker's to report, and the next one is tried anew."""

    def fail() -> Any:
        raise SandboxError("no network")

    ahead = NetworkAhead(fail)
    ahead.expect()
    for _ in range(2):
        with pytest.raises(SandboxError, match="no network"):
            ahead.take()
