"""Every store keeps to these: which label points where."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Alias, ConflictError, MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def test_the_newest_deployment_holds_the_label(store, samples):
    """An older one that comes later changes nothing and is told what holds it."""
    first, second = samples.ready("x1"), samples.ready("x2")
    assert store.publish_alias("shop", second, moves=True) == Alias("shop", "p1", "x2", 2, True)
    assert store.publish_alias("shop", first, moves=True) == Alias("shop", "p1", "x2", 2, True)
    assert store.aliases() == [Alias("shop", "p1", "x2", 2, True)]


def test_a_deployment_is_published_before_it_is_ready(store, samples):
    """Publishing is what makes it ready."""
    deployment = store.create_deployment(samples.deployment("x1"))
    assert store.publish_alias("shop-x1", deployment, moves=False).deployment_id == "x1"


@pytest.mark.parametrize("state", [State.CANCELED, State.FAILED, State.SUPERSEDED])
def test_what_was_ended_does_not_go_live(store, samples, state):
    """A deployment that somebody ended meanwhile takes no label, whatever its publisher believes of its state."""
    live = samples.ready("x1")
    store.publish_alias("shop", live, moves=True)
    seen = store.create_deployment(samples.deployment("x2"))
    store.advance(seen, state)
    with pytest.raises(ConflictError, match=state.value):
        store.publish_alias("shop", seen, moves=True)
    assert [alias.deployment_id for alias in store.aliases()] == ["x1"]


def test_a_rollback_holds_until_something_newer_comes(store, samples):
    """What was published before does not come back by itself, not even when its event comes again."""
    first, second = samples.ready("x1"), samples.ready("x2")
    for deployment in (first, second):
        store.publish_alias("shop", deployment, moves=True)
    assert store.move_alias("shop", first) == Alias("shop", "p1", "x1", 2, True)
    assert store.publish_alias("shop", second, moves=True).deployment_id == "x1"
    third = samples.ready("x3")
    assert store.publish_alias("shop", third, moves=True) == Alias("shop", "p1", "x3", 3, True)


def test_a_promotion_counts_as_publishing(store, samples):
    """A newer deployment that a person puts there is not replaced by one from between."""
    first, second, third = (samples.ready(f"x{number}") for number in range(1, 4))
    store.publish_alias("shop", first, moves=True)
    assert store.move_alias("shop", third).newest == 3
    assert store.publish_alias("shop", second, moves=True).deployment_id == "x3"


def test_a_label_belongs_to_one_project(store, samples):
    """Neither another project's alias nor its name can be taken, published there or not."""
    store.publish_alias("shop-git-next", samples.ready("x1"), moves=True)
    foreign = samples.ready("y1", "p2")
    for label in ("shop-git-next", "shop"):
        with pytest.raises(ConflictError, match="another project"):
            store.publish_alias(label, foreign, moves=True)
    with pytest.raises(ConflictError, match="another project"):
        store.move_alias("shop-git-next", foreign)
    assert [alias.project_id for alias in store.aliases()] == ["p1"]


def test_only_what_is_ready_may_be_moved_to(store, samples):
    """A deployment that failed, or still goes on, cannot be served."""
    store.publish_alias("shop", samples.ready("x1"), moves=True)
    unfinished = store.create_deployment(samples.deployment("x2"))
    with pytest.raises(ConflictError, match="queued"):
        store.move_alias("shop", unfinished)
    store.advance(unfinished, State.FAILED)
    with pytest.raises(ConflictError, match="failed"):
        store.move_alias("shop", unfinished)


def test_only_labels_that_move_are_moved(store, samples):
    """A deployment's own label stays its own, and a label must be there to be moved."""
    first, second = samples.ready("x1"), samples.ready("x2")
    store.publish_alias("shop-x1", first, moves=False)
    with pytest.raises(ConflictError, match="never moves"):
        store.move_alias("shop-x1", second)
    with pytest.raises(MissingError):
        store.move_alias("shop-git-gone", first)


def test_a_deployment_that_is_gone_is_not_published(store, samples):
    """Its project was deleted while it was on its way."""
    deployment = samples.ready("x1")
    store.delete_project("p1")
    with pytest.raises(MissingError):
        store.publish_alias("shop", deployment, moves=True)


def test_aliases_are_listed_by_project(store, samples):
    """All of them by label, or a project's."""
    store.publish_alias("shop", samples.ready("x1"), moves=True)
    store.publish_alias("other", samples.ready("y1", "p2"), moves=True)
    assert [alias.label for alias in store.aliases()] == ["other", "shop"]
    assert [alias.label for alias in store.aliases("p1")] == ["shop"]
    assert store.aliases("p9") == []


def test_deployments_that_race_leave_the_newest(store, samples):
    """In whatever order twenty threads publish, the newest holds the label in the end."""
    ready = [samples.ready(f"x{number}") for number in range(1, 21)]
    deployments = [ready[number * 7 % 20] for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        published = list(pool.map(lambda each: store.publish_alias("shop", each, moves=True), deployments))
    assert store.aliases() == [Alias("shop", "p1", "x20", 20, True)]
    for deployment, alias in zip(deployments, published, strict=True):
        assert alias.newest >= deployment.number
