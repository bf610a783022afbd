"""Every store and every bus forget what is old, and nothing else."""

from datetime import timedelta
from threading import Event as Flag
from time import monotonic

import pytest

from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import Claim, SpentError


@pytest.fixture
def deliver(store, samples, clock):
    """Accept a delivery that leads to a deployment, or to none."""

    def accept(id_: str, deployment: str | None = None) -> None:
        decision = Decision(Verdict.BUILD, "Pushed.", "p1", deployment)
        new = [samples.deployment(deployment)] if deployment else []
        store.accept(Delivery(id_, "push", None, clock(), (decision,)), projects=[samples.project()], deployments=new)
        clock.advance(1)

    return accept


def kept(store) -> list[str]:
    return sorted(delivery.id for delivery in store.deliveries())


def test_old_deliveries(store, deliver, clock):
    """They go oldest first and a few at a time; younger ones stay, and a known one that is gone may come again."""
    for number in range(4):
        deliver(f"d{number}")
    before = clock()
    deliver("young")
    assert store.forget_deliveries(before, 3) == 3
    assert kept(store) == ["d3", "young"]
    assert store.forget_deliveries(before, 3) == 1
    assert store.forget_deliveries(before, 3) == 0
    assert kept(store) == ["young"]
    assert not store.has_delivery("d0")


def test_deliveries_that_are_of_use(store, samples, deliver, clock):
    """Those of unfinished deployments and of what a moving hostname shows stay, however old; the rest goes."""
    for deployment in ("waiting", "failed", "shown", "replaced"):
        deliver(f"of-{deployment}", deployment)
    store.advance(store.deployment("failed"), State.FAILED)
    for deployment in ("replaced", "shown"):
        moved = store.deployment(deployment)
        for state in (State.BUILDING, State.DEPLOYING):
            moved = store.advance(moved, state)
        own = f"shop-{deployment}"
        store.go_live(moved, own=own, moving=[own] if deployment == "replaced" else ["shop"], url="u", function=None)
    deliver("of-gone", "gone")
    deliver("of-none")
    store.advance(store.deployment("gone"), State.CANCELED)
    store.move_alias("shop", store.deployment("shown"))
    clock.advance(timedelta(days=100).total_seconds())
    assert store.forget_deliveries(clock(), 100) == 4
    assert kept(store) == ["of-shown", "of-waiting"]
    assert {deployment.id for deployment in store.deployments()} == {"waiting", "failed", "shown", "replaced", "gone"}


def test_deployments_that_were_never_ready(store, samples, deliver, clock):
    """They are told oldest first and a few at a time, and forgotten with all that leads to them; what was ready, goes
    on or is younger stays, and numbers go on."""
    ends = {"x3": State.FAILED, "x1": State.CANCELED, "x2": State.SUPERSEDED}
    deliver("of-x0")
    for id_, state in ends.items():
        store.advance(store.create_deployment(samples.deployment(id_)), state)
        clock.advance(1)
    store.create_deployment(samples.deployment("x4", state=State.SKIPPED))
    clock.advance(1)
    ready, waiting = samples.ready("x5"), store.create_deployment(samples.deployment("x6"))
    clock.advance(1)
    before = clock()
    young = store.advance(store.create_deployment(samples.deployment("x7")), State.FAILED)
    assert store.failures(before, 3) == ["x3", "x1", "x2"]
    store.forget_failures(["x3", "x1", "x2"])
    assert store.failures(before, 3) == ["x4"]
    store.forget_failures(["x4", "x5", "x6"])
    assert store.failures(before, 3) == []
    store.forget_failures(["x3", "x1", "x2", "x4"])
    for found in (store.deployments(), store.deployments("p1"), store.deployments("p1", branch="main")):
        assert found == [young, waiting, ready]
    assert store.create_deployment(samples.deployment("x8")).number == young.number + 1
    store.delete_project("p1")
    (remains,) = store.remains()
    assert sorted((*remains.finished, *remains.unfinished)) == ["x5", "x6", "x7", "x8"]


def test_what_was_spent(store, deliver, clock):
    """Tickets and claims that were good until before a time go; later ones are as spent as before."""
    for deployment in ("x1", "x2"):
        deliver(f"of-{deployment}", deployment)
    early, late = clock() + timedelta(hours=1), clock() + timedelta(hours=2)
    store.spend_ticket("t1", "e1", early)
    store.spend_ticket("t2", "e2", late)
    store.add_claim(Claim("aa", "x1", early))
    store.add_claim(Claim("bb", "x2", late))
    assert store.forget_spent(late, 100) == 2
    assert store.forget_spent(late, 100) == 0
    assert store.spend_claim("bb").deployment_id == "x2"
    with pytest.raises(SpentError):
        store.spend_claim("aa")
    with pytest.raises(SpentError):
        store.spend_ticket("t2", "another", late)


def test_what_was_spent_goes_in_batches(store, clock):
    """No more is forgotten at once than was asked for."""
    for number in range(5):
        store.spend_ticket(f"t{number}", "e", clock())
    assert [store.forget_spent(clock() + timedelta(hours=1), 2) for _ in range(4)] == [2, 2, 1, 0]


def test_old_dead_letters(bus_under_test, clock):
    """They go oldest first and a few at a time; younger ones stay."""

    def give_up(_: Event) -> None:
        raise GiveUpError("never")

    bus_under_test.bus.subscribe(EventType.BUILD, give_up)
    bus_under_test.start()
    pause = Flag()
    for number in range(4):
        bus_under_test.bus.publish([Event(EventType.BUILD, {}, id=f"e{number}")])
        deadline = monotonic() + 20
        while len(bus_under_test.dead_letters()) <= number:
            assert monotonic() < deadline, "no event died"
            pause.wait(0.01)
        clock.advance(60)
    before = clock() - timedelta(seconds=60)
    assert bus_under_test.bus.forget_dead_letters(before, 2) == 2
    assert [letter.event.id for letter in bus_under_test.dead_letters()] == ["e3", "e2"]
    assert bus_under_test.bus.forget_dead_letters(before, 2) == 1
    assert bus_under_test.bus.forget_dead_letters(before, 2) == 0
    assert [letter.event.id for letter in bus_under_test.dead_letters()] == ["e3"]
