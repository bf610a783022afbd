"""Every store keeps subscriptions, and counts what accounts use without ever counting too much."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.store.port import Count, MissingError

DAY, BUILDS = "2026-05-04", Limit.DAILY_BUILDS


def test_subscriptions_are_kept(store):
    """By name, the newer in place of the older; accounts without one have the default."""
    assert store.subscriptions() == []
    assert store.subscription_of(7) == Subscription("default")
    small = Subscription("small", {BUILDS: 3, Limit.CLIENT_BYTES: 2**40})
    store.keep_subscription(small)
    store.keep_subscription(Subscription("default", {Limit.PROJECTS: 5}))
    assert store.subscriptions() == [Subscription("default", {Limit.PROJECTS: 5}), small]
    assert store.subscription_of(7).limits == {Limit.PROJECTS: 5}
    store.subscribe(7, "small")
    assert store.subscription_of(7) == small
    store.keep_subscription(Subscription("small", {}))
    assert store.subscription_of(7).limits == {}
    store.subscribe(7, "default")
    assert store.subscription_of(7).name == "default"
    for absent in ("none", "", "x" * 3000):
        with pytest.raises(MissingError):
            store.subscribe(7, absent)


def test_what_is_used_is_counted_once(store):
    """Each account, limit and day by itself; a refusal counts nothing."""
    assert store.count(7, BUILDS, DAY, "d1", 2) == Count(1, is_counted=True)
    assert store.count(7, BUILDS, DAY, "d1", 2) == Count(1, is_counted=True)
    assert store.count(7, BUILDS, DAY, "d2", 2) == Count(2, is_counted=True)
    assert store.count(7, BUILDS, DAY, "d3", 2) == Count(2, is_counted=False)
    assert store.count(7, BUILDS, DAY, "d2", 0) == Count(2, is_counted=True)
    assert store.usage(7, DAY) == {BUILDS: 2}
    assert store.count(7, BUILDS, DAY, "d3", 3) == Count(3, is_counted=True)
    assert store.count(7, BUILDS, DAY, "d4", None) == Count(4, is_counted=True)
    assert store.count(8, BUILDS, DAY, "d5", 1).used == 1
    assert store.count(7, Limit.DAILY_DEPLOYMENTS, DAY, "d1", 1).used == 1
    assert store.usage(7, DAY) == {BUILDS: 4, Limit.DAILY_DEPLOYMENTS: 1}
    assert store.count(7, BUILDS, "2026-05-05", "d6", 1) == Count(1, is_counted=True)
    assert store.usage(7, "2026-05-06") == {}


def test_many_at_once(store):
    """No more are let in than the limit says, and as many as it says."""
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda number: store.count(7, BUILDS, DAY, f"d{number}", 5), range(16)))
    assert sum(count.is_counted for count in counts) == 5
    assert store.usage(7, DAY) == {BUILDS: 5}
