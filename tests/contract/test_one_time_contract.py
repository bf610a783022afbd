"""Every store keeps to these: what may be used once is used once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.store.port import Claim, MissingError, SpentError


@pytest.fixture(autouse=True)
def _deployments(store, samples, clock):
    delivery = Delivery("d0", "push", None, clock(), ())
    deployments = [samples.deployment("x1"), samples.deployment("x2")]
    store.accept(delivery, projects=[samples.project()], deployments=deployments)


@pytest.fixture
def later(clock):
    """A time to come."""
    return clock() + timedelta(hours=1)


def test_one_of_many_spends_a_ticket(store, later):
    """Twenty events carry the same ticket: one may use it."""

    def spend(number: int) -> bool:
        try:
            store.spend_ticket("t1", f"e{number}", later)
        except SpentError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(spend, range(20))) == 1


def test_the_same_event_may_come_again(store, later):
    """Its ticket is spent by itself, which is no offence."""
    store.spend_ticket("t1", "e1", later)
    store.spend_ticket("t1", "e1", later)
    with pytest.raises(SpentError):
        store.spend_ticket("t1", "e2", later)


def test_a_spent_ticket_is_remembered_beyond_its_end(store, clock, later):
    """For as long as a clock that was set back could make it look good again."""
    store.spend_ticket("t1", "e1", later)
    clock.advance(timedelta(hours=2).total_seconds())
    store.spend_ticket("t2", "e1", later)
    with pytest.raises(SpentError):
        store.spend_ticket("t1", "e2", later)


def test_one_of_many_spends_a_claim(store, later):
    """Twenty come with the same claim: one gets the deployment."""
    store.add_claim(Claim("aa", "x1", later))

    def spend(_: int) -> str | None:
        try:
            return store.spend_claim("aa").deployment_id
        except SpentError:
            return None

    with ThreadPoolExecutor(20) as pool:
        assert [found for found in pool.map(spend, range(20)) if found] == ["x1"]


def test_a_new_claim_ends_the_one_before(store, later):
    """A build that is tried again leaves the first attempt's claim worthless; other deployments' claims stay."""
    store.add_claim(Claim("aa", "x1", later))
    store.add_claim(Claim("cc", "x2", later))
    store.add_claim(Claim("bb", "x1", later))
    with pytest.raises(SpentError):
        store.spend_claim("aa")
    assert store.spend_claim("bb").deployment_id == "x1"
    assert store.spend_claim("cc").deployment_id == "x2"


def test_each_attempt_spends_a_claim_once(store, later):
    """A later attempt ends the earlier ones, and there are no more than were allowed."""
    store.add_claim(Claim("aa", "x1", later, attempts=3))
    for attempt in (0, 4):
        with pytest.raises(SpentError):
            store.spend_claim("aa", attempt)
    assert store.spend_claim("aa", 1) == Claim("aa", "x1", later, attempts=3, spent=1)
    assert store.spend_claim("aa", 3).spent == 3
    for attempt in (1, 2, 3, 4):
        with pytest.raises(SpentError):
            store.spend_claim("aa", attempt)


def test_a_claim_may_be_put_back(store, later):
    """As it was before its last attempt, which is then free again while those before it are not."""
    store.add_claim(Claim("aa", "x1", later, attempts=3, spent=1))
    with pytest.raises(SpentError):
        store.spend_claim("aa", 1)
    assert store.spend_claim("aa", 2).spent == 2


def test_a_claim_grows_old(store, clock, later):
    """After its end it is worth nothing, and neither is one that never was."""
    store.add_claim(Claim("aa", "x1", later))
    clock.advance(3600)
    for sha256 in ("aa", "never"):
        with pytest.raises(SpentError):
            store.spend_claim(sha256)


def test_a_claim_needs_its_deployment(store, later):
    """There is none for a deployment that is gone, and it goes with its deployment."""
    with pytest.raises(MissingError):
        store.add_claim(Claim("aa", "gone", later))
    store.add_claim(Claim("bb", "x1", later))
    store.delete_project("p1")
    with pytest.raises(SpentError):
        store.spend_claim("bb")
