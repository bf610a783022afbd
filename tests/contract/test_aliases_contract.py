"""Every store keeps to these: which label points where, once something is there."""

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Alias, ConflictError, MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def test_a_rollback_holds_until_something_newer_comes(store, samples):
    """What was published before does not come back by itself, not even when its event comes again."""
    first, second = samples.ready("x1", "shop"), samples.ready("x2", "shop")
    assert store.move_alias("shop", first) == Alias("shop", "p1", "x1", 2, True)
    assert samples.go_live(second, "shop").version == second.version
    assert Alias("shop", "p1", "x1", 2, True) in store.aliases()
    samples.ready("x3", "shop")
    assert Alias("shop", "p1", "x3", 3, True) in store.aliases()


def test_what_was_on_its_way_does_not_undo_a_rollback(store, samples):
    """After a rollback, what is older than the deployment that was rolled back still comes too late."""
    first, late = samples.ready("x1", "shop"), samples.deploying("x2")
    samples.ready("x3", "shop")
    store.move_alias("shop", first)
    assert samples.go_live(late, "shop").state is State.SUPERSEDED
    assert Alias("shop", "p1", "x1", 3, True) in store.aliases()


def test_a_promotion_counts_as_publishing(store, samples):
    """A newer deployment that a person puts there is not replaced by one from between."""
    samples.ready("x1", "shop")
    second, third = samples.deploying("x2"), samples.ready("x3")
    assert store.move_alias("shop", third) == Alias("shop", "p1", "x3", 3, True)
    assert samples.go_live(second, "shop").state is State.SUPERSEDED
    assert Alias("shop", "p1", "x3", 3, True) in store.aliases()


def test_a_label_is_moved_within_its_project(store, samples):
    """A person cannot point a project's label to another project's deployment."""
    samples.ready("x1", "shop-git-next")
    before = store.aliases("p1")
    with pytest.raises(ConflictError, match="another project"):
        store.move_alias("shop-git-next", samples.ready("y1", project="p2"))
    assert store.aliases("p1") == before


def test_only_what_is_ready_may_be_moved_to(store, samples):
    """A deployment that failed, or still goes on, cannot be served."""
    samples.ready("x1", "shop")
    before = store.aliases()
    unfinished = store.create_deployment(samples.deployment("x2"))
    with pytest.raises(ConflictError, match="queued"):
        store.move_alias("shop", unfinished)
    with pytest.raises(ConflictError, match="deploying"):
        store.move_alias("shop", samples.deploying("x3"))
    store.advance(unfinished, State.FAILED)
    with pytest.raises(ConflictError, match="failed"):
        store.move_alias("shop", unfinished)
    assert store.aliases() == before


def test_only_labels_that_move_are_moved(store, samples):
    """A deployment's own label stays its own, and a label must be there to be moved."""
    first, second = samples.ready("x1"), samples.ready("x2")
    with pytest.raises(ConflictError, match="never moves"):
        store.move_alias("x1", second)
    with pytest.raises(MissingError):
        store.move_alias("shop-git-gone", first)
    assert store.aliases() == [Alias("x1", "p1", "x1", 1, False), Alias("x2", "p1", "x2", 2, False)]


def test_aliases_are_listed_by_project(store, samples):
    """All of them by label, or a project's."""
    samples.ready("x1", "shop")
    samples.ready("y1", "other", project="p2")
    assert [alias.label for alias in store.aliases()] == ["other", "shop", "x1", "y1"]
    assert [alias.label for alias in store.aliases("p1")] == ["shop", "x1"]
    assert store.aliases("p9") == []
