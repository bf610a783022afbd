"""What is made of secrets, while those change and Secrets Manager fails."""

import pytest

from battleshiper.infra.aws.fresh import Fresh


class Bench:
    """Makes numbers, at a time that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.made = 0
        self.failure: Exception | None = None
        self.fresh = Fresh(self.make, lambda: self.now)

    def make(self) -> int:
        if self.failure:
            raise self.failure
        self.made += 1
        return self.made


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_nothing_is_made_before_it_is_needed(bench: Bench) -> None:
    """A snapshot holds no secret: the first call makes, and none before it."""
    assert bench.made == 0
    assert [bench.fresh(), bench.fresh()] == [1, 1]


def test_it_is_made_anew_after_a_while(bench: Bench) -> None:
    """A warm function learns of a changed secret after five minutes."""
    bench.fresh()
    bench.now += 299
    assert bench.fresh() == 1
    bench.now += 1
    assert bench.fresh() == 2


def test_what_there_is_goes_on_when_it_cannot_be_made_anew(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """A moment without Secrets Manager ends nothing that works, and is looked at again soon, not at each call."""
    bench.fresh()
    bench.now += 300
    bench.failure = OSError("throttled")
    assert bench.fresh() == 1
    assert "throttled" in caplog.text
    bench.failure = None
    assert bench.fresh() == 1
    bench.now += 10
    assert bench.fresh() == 2


def test_what_was_never_made_raises(bench: Bench) -> None:
    """Without a first one there is nothing to go on with; the next call tries again."""
    bench.failure = OSError("denied")
    with pytest.raises(OSError, match="denied"):
        bench.fresh()
    bench.failure = None
    assert bench.fresh() == 1
