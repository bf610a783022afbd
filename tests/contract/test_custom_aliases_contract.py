"""Every store lets a label be held by one project, and an account hold no more labels than it may."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.store.port import ConflictError, Count, MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


@pytest.fixture
def alias(clock):
    def make(label: str, project: str = "p1", branch: str | None = None, account: int = 7) -> CustomAlias:
        return CustomAlias(label, project, account, branch, clock())

    return make


def test_a_label_is_held(store, alias):
    """By name; whoever holds it may let it follow something else."""
    sale, beta = alias("sale"), alias("beta", branch="next/ünit")
    assert store.hold_alias(sale, None) == Count(1, is_counted=True)
    assert store.hold_alias(beta, None) == Count(2, is_counted=True)
    assert store.custom_aliases("p1") == [beta, sale]
    assert store.custom_aliases() == [beta, sale]
    assert store.custom_aliases("p2") == []
    assert store.holder("sale") == "p1"
    assert store.holder("free") is None
    moved = alias("sale", branch="next")
    assert store.hold_alias(moved, 2) == Count(2, is_counted=True)
    assert store.custom_aliases("p1") == [beta, moved]
    assert store.held_aliases(7) == 2
    assert store.held_aliases(8) == 0


def test_a_label_has_one_holder(store, samples, alias):
    """Neither another project's label nor a project's name or hostname can be held, and no project gets such a name."""
    store.hold_alias(alias("sale"), None)
    samples.ready("x1", "shop", "shop-git-next")
    for label in ("shop", "other", "shop-git-next"):
        with pytest.raises(ConflictError):
            store.hold_alias(alias(label), None)
    with pytest.raises(ConflictError):
        store.hold_alias(alias("sale", "p2"), None)
    assert (store.holder("other"), store.holder("shop-git-next")) == ("p2", "p1")
    with pytest.raises(ConflictError):
        store.create_project(samples.project(3, "sale"))
    assert store.create_project(replace(samples.project(3), names=("sale", "sale-2"))).name == "sale-2"
    with pytest.raises(MissingError):
        store.hold_alias(alias("lost", "p9"), None)
    assert store.custom_aliases() == [alias("sale")]


def test_a_released_label_is_free_once_it_is_forgotten(store, alias):
    """Until then its route may be left, and nobody else gets it; it counts no more."""
    sale = alias("sale")
    store.hold_alias(sale, None)
    store.forget_alias(sale)
    assert store.release_alias(alias("sale", "p2")) is False
    assert store.custom_aliases("p1") == [sale]
    assert store.release_alias(sale) is True
    assert store.release_alias(sale) is False
    assert store.held_aliases(7) == 0
    assert store.custom_aliases("p1") == [replace(sale, is_released=True)]
    with pytest.raises(ConflictError):
        store.hold_alias(alias("sale", "p2"), None)
    store.forget_alias(sale)
    store.forget_alias(sale)
    assert store.custom_aliases() == []
    assert store.hold_alias(alias("sale", "p2"), 1) == Count(1, is_counted=True)


def test_its_holder_may_take_it_back(store, alias):
    """Before it is forgotten, which then does nothing."""
    sale = alias("sale")
    store.hold_alias(sale, None)
    store.release_alias(sale)
    store.hold_alias(sale, 1)
    store.forget_alias(sale)
    assert store.custom_aliases("p1") == [sale]
    assert store.held_aliases(7) == 1


def test_an_account_holds_no_more_than_it_may(store, alias):
    """Whatever the project, and whoever else asks at once; a refusal changes nothing."""
    with ThreadPoolExecutor(8) as pool:
        labels = [alias(f"sale-{number}", f"p{1 + number % 2}") for number in range(12)]
        counts = list(pool.map(lambda each: store.hold_alias(each, 3), labels))
    assert sum(count.is_counted for count in counts) == 3
    assert store.held_aliases(7) == len(store.custom_aliases()) == 3
    assert store.hold_alias(alias("more"), 3) == Count(3, is_counted=False)
    assert store.hold_alias(alias("more", account=8), 3) == Count(1, is_counted=True)


def test_it_ends_with_its_project(store, alias):
    """Its label is among what remains, for the route to be cleared away, and is free."""
    store.hold_alias(alias("sale"), None)
    store.hold_alias(alias("gone"), None)
    store.release_alias(alias("gone"))
    store.delete_project("p1")
    assert store.custom_aliases() == []
    assert store.held_aliases(7) == 0
    (remains,) = store.remains()
    assert {"sale", "gone"} <= set(remains.labels)
    assert store.hold_alias(alias("sale", "p2"), 1) == Count(1, is_counted=True)
