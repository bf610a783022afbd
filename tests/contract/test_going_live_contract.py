"""Every store keeps to these: a deployment goes live in one step, its labels and its state together or not at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Alias, ConflictError, MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def own_labels(store):
    """Return the deployments that have their own label."""
    return {alias.deployment_id for alias in store.aliases() if not alias.moves}


def ready(store):
    """Return the deployments that are ready."""
    return {deployment.id for deployment in store.deployments() if deployment.state is State.READY}


def test_going_live_makes_a_deployment_ready(store, samples, clock):
    """All its labels point to it, and its state, address, function and time of end are kept."""
    deploying = samples.deploying("x1")
    clock.advance(10)
    labels = {"own": "shop-x1", "moving": ["shop", "shop-git-main"]}
    live = store.go_live(deploying, **labels, url="https://shop.example", function="f1")
    assert live == store.deployment("x1")
    assert (live.state, live.version, live.reason) == (State.READY, deploying.version + 1, "")
    assert (live.url, live.function, live.finished_at) == ("https://shop.example", "f1", clock())
    assert store.aliases() == [
        Alias("shop", "p1", "x1", 1, True),
        Alias("shop-git-main", "p1", "x1", 1, True),
        Alias("shop-x1", "p1", "x1", 1, False),
    ]


def test_going_live_is_told_once(store, samples, changes):
    """One change for all the labels, and none when the step is repeated."""
    deploying = samples.deploying("x1")
    for _ in range(2):
        samples.go_live(deploying, "shop", "shop-git-main")
    store.create_deployment(samples.deployment("x2"))
    told = [
        (event.detail["deployment"], event.detail["version"], event.detail["state"]) for event in changes.wait_for(5)
    ]
    assert told[2:] == [("x1", "3", "deploying"), ("x1", "4", "ready"), ("x2", "1", "queued")]


def test_the_newest_deployment_holds_the_label(store, samples, changes):
    """An older one that comes later is superseded, and none of its labels changes: not the one that something even
    older holds, not its own. It is told so once, and it does not come back."""
    first, second, third = (samples.deploying(f"x{number}") for number in range(1, 4))
    samples.go_live(first, "shop-git-main")
    samples.go_live(third, "shop")
    before = store.aliases()
    late = store.go_live(second, own="x2", moving=["shop-git-main", "shop"], url="https://x2.example", function="f2")
    assert late == store.deployment("x2")
    assert (late.state, late.version, late.url, late.function) == (State.SUPERSEDED, 4, None, None)
    assert "newer deployment" in late.reason
    with pytest.raises(ConflictError, match="superseded"):
        samples.go_live(second, "shop-git-main")
    assert (
        store.aliases()
        == before
        == [
            Alias("shop", "p1", "x3", 3, True),
            Alias("shop-git-main", "p1", "x1", 1, True),
            Alias("x1", "p1", "x1", 1, False),
            Alias("x3", "p1", "x3", 3, False),
        ]
    )
    store.create_deployment(samples.deployment("x4"))
    told = [(event.detail["deployment"], event.detail["state"]) for event in changes.wait_for(13)]
    assert told[-4:] == [("x1", "ready"), ("x3", "ready"), ("x2", "superseded"), ("x4", "queued")]


def test_going_live_again_changes_nothing(store, samples, bus_under_test):
    """What is ready is returned as it is, whatever it is to become this time."""
    deploying = samples.deploying("x1")
    live = samples.go_live(deploying, "shop")
    before = store.aliases(), bus_under_test.pending()
    for seen in (deploying, live):
        again = store.go_live(seen, own="elsewhere", moving=["shop-git-main"], url="https://elsewhere", function="f2")
        assert again == live == store.deployment("x1")
    assert (store.aliases(), bus_under_test.pending()) == before


@pytest.mark.parametrize("states", [[], [State.BUILDING]], ids=["queued", "building"])
def test_what_is_not_deployed_does_not_go_live(store, samples, states):
    """A deployment takes no label before its turn."""
    early = store.create_deployment(samples.deployment("x1"))
    for state in states:
        early = store.advance(early, state)
    with pytest.raises(ConflictError, match=early.state.value):
        samples.go_live(early, "shop")
    assert (store.aliases(), store.deployment("x1")) == ([], early)


@pytest.mark.parametrize("state", [State.CANCELED, State.FAILED, State.SUPERSEDED])
def test_what_was_ended_does_not_go_live(store, samples, state, bus_under_test):
    """A deployment that somebody ended meanwhile takes no label, whatever its publisher believes of its state."""
    samples.ready("x1", "shop")
    seen = samples.deploying("x2")
    ended = store.advance(seen, state)
    before = store.aliases(), bus_under_test.pending()
    with pytest.raises(ConflictError, match=state.value):
        samples.go_live(seen, "shop")
    assert (store.aliases(), bus_under_test.pending()) == before
    assert store.deployment("x2") == ended


def test_what_is_canceled_between_two_tries_stays_canceled(store, samples):
    """A try that was refused leaves nothing behind that a cancellation could part from the state."""
    samples.ready("y1", "other-git-main", project="p2")
    before = store.aliases()
    seen = samples.deploying("x1")
    with pytest.raises(ConflictError, match="another project"):
        samples.go_live(seen, "shop", "other-git-main")
    canceled = store.advance(seen, State.CANCELED)
    with pytest.raises(ConflictError, match="canceled"):
        samples.go_live(seen, "shop")
    assert (store.aliases(), store.deployment("x1")) == (before, canceled)


def test_what_is_live_is_not_canceled_between_two_tries(store, samples):
    """A cancellation that comes after going live is refused, and the step may be repeated all the same."""
    seen = samples.deploying("x1")
    live = samples.go_live(seen, "shop")
    before = store.aliases()
    with pytest.raises(ConflictError):
        store.advance(seen, State.CANCELED)
    with pytest.raises(ValueError, match="cannot become"):
        store.advance(live, State.CANCELED)
    assert samples.go_live(seen, "shop") == live == store.deployment("x1")
    assert store.aliases() == before


@pytest.mark.parametrize("label", ["shop", "shop-git-next", "x1"], ids=["name", "moving", "own"])
@pytest.mark.parametrize("is_own", [True, False])
def test_a_label_belongs_to_one_project(store, samples, label, is_own, bus_under_test):
    """Another project's aliases and name cannot be taken, published there or not; then no label and no state changes,
    and the step may be repeated with better labels."""
    samples.ready("x1", "shop-git-next")
    foreign = samples.deploying("y1", "p2")
    before = store.aliases(), bus_under_test.pending()
    labels = {"own": label, "moving": ["other"]} if is_own else {"own": "y1", "moving": ["other", label]}
    with pytest.raises(ConflictError, match="another project"):
        store.go_live(foreign, **labels, url="https://y1.example", function=None)
    assert (store.aliases(), bus_under_test.pending()) == before
    assert store.deployment("y1") == foreign
    assert samples.go_live(foreign, "other").state is State.READY


def test_a_deployment_that_is_gone_is_not_published(store, samples):
    """Its project was deleted while it was on its way."""
    deployment = samples.deploying("x1")
    store.delete_project("p1")
    with pytest.raises(MissingError):
        samples.go_live(deployment, "shop")
    assert store.aliases() == []


def test_deployments_that_race_leave_the_newest(store, samples):
    """In whatever order twenty threads publish, the newest holds the label in the end, each is ready or superseded,
    and who looks on never sees labels without their state or a state without its labels."""
    deploying = [samples.deploying(f"x{number}") for number in range(1, 21)]

    def publish(deployment):
        ended = samples.go_live(deployment, "shop")
        labeled = own_labels(store)
        assert labeled <= ready(store)
        assert ready(store) - own_labels(store) == set()
        return ended

    with ThreadPoolExecutor(20) as pool:
        ended = list(pool.map(publish, (deploying[number * 7 % 20] for number in range(20))))
    assert {(each.state, each.version) for each in ended} <= {(State.READY, 4), (State.SUPERSEDED, 4)}
    live = {each.id for each in ended if each.state is State.READY}
    assert "x20" in live
    assert live == ready(store) == own_labels(store)
    assert [alias for alias in store.aliases() if alias.moves] == [Alias("shop", "p1", "x20", 20, True)]


def test_an_event_that_comes_many_times_at_once_is_one(store, samples, changes):
    """Twenty threads let the same deployment go live: each is told the same, and one change is told."""
    deployment = samples.deploying("x1")
    with ThreadPoolExecutor(20) as pool:
        ended = set(pool.map(lambda _: samples.go_live(deployment, "shop"), range(20)))
    assert ended == {store.deployment("x1")}
    store.create_deployment(samples.deployment("x2"))
    told = [event.detail["state"] for event in changes.wait_for(5)]
    assert told == ["queued", "building", "deploying", "ready", "queued"]


def test_a_cancellation_that_races_ends_all_or_nothing(store, samples):
    """Each of ten deployments is canceled while it goes live: one of both happens, with its labels or without any."""
    deploying = [samples.deploying(f"x{number}") for number in range(1, 11)]

    def cancel(deployment):
        return store.advance(deployment, State.CANCELED)

    def attempt(step, deployment):
        try:
            return step(deployment)
        except ConflictError:
            return None

    with ThreadPoolExecutor(20) as pool:
        steps = [pool.submit(attempt, step, each) for each in deploying for step in (samples.go_live, cancel)]
    ended = [deployment for step in steps if (deployment := step.result())]
    assert sorted(each.id for each in ended) == sorted(each.id for each in deploying)
    assert {each.state for each in ended} <= {State.READY, State.CANCELED}
    assert own_labels(store) == ready(store) == {each.id for each in ended if each.state is State.READY}
