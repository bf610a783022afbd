"""Every store lets deployments expire in the same way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.port import Alias, ConflictError, MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def labels(store) -> dict[str, str]:
    """Return where each label points."""
    return {alias.label: alias.deployment_id for alias in store.aliases()}


def test_it_is_gone_from_every_hostname(store, samples, clock):
    """Its labels point nowhere, what it was is still said, and a new version tells that it has expired."""
    samples.ready("x1", "shop-git-next")
    samples.ready("x2", "shop")
    before = store.deployment("x1")
    clock.advance(60)
    expiring = store.expire(before, {"x1", "shop-git-next", "shop-git-never"})
    assert sorted(expiring.labels) == ["shop-git-next", "x1"]
    now = clock()
    assert expiring.deployment == replace(before, version=before.version + 1, expired_at=now, updated_at=now)
    assert store.deployment("x1") == expiring.deployment
    assert labels(store) == {"shop": "x2", "x2": "x2"}
    assert store.expiring() == [expiring]
    assert store.deployments("p1")[1] == expiring.deployment


def test_it_is_told(store, samples, changes):
    """One event tells of it, as of every change."""
    made = samples.ready("x1")
    changes.wait_for(4)
    expired = store.expire(made, {"x1"}).deployment
    (told,) = changes.wait_for(5)[4:]
    assert (told.detail["deployment"], told.detail["version"]) == ("x1", str(expired.version))
    assert told.group == changes.handled[0].group


def test_once_is_enough(store, samples):
    """Whoever comes later is told so and has nothing to clear away."""
    made = samples.ready("x1")
    expiring = store.expire(made, {"x1"})
    for seen in (made, expiring.deployment):
        with pytest.raises(ConflictError):
            store.expire(seen, {"x1"})
    assert store.expiring() == [expiring]


def test_what_another_label_shows_stays(store, samples):
    """A label that was not named keeps its deployment as it is."""
    made = samples.ready("x1", "shop")
    with pytest.raises(ConflictError, match="shop"):
        store.expire(made, {"x1"})
    assert store.deployment("x1") == made
    assert labels(store) == {"shop": "x1", "x1": "x1"}
    assert store.expiring() == []


def test_what_was_shown_since_stays(store, samples, clock):
    """Who decided on what a label has come to or left since decides again."""
    first = samples.ready("x1", "shop")
    second = samples.ready("x2", "shop")
    before = store.deployment("x1")
    assert before.shown_at == clock()
    clock.advance(1)
    store.move_alias("shop", first)
    clock.advance(1)
    store.move_alias("shop", second)
    for seen in (first, before):
        with pytest.raises(ConflictError):
            store.expire(seen, {"x1"})
    assert labels(store) == {"shop": "x2", "x1": "x1", "x2": "x2"}
    assert store.deployment("x1").shown_at == store.deployment("x2").shown_at == clock()
    store.expire(store.deployment("x1"), {"x1"})


def test_only_what_is_ready_expires(store, samples):
    """What failed or goes on has nothing that could expire."""
    failed = store.advance(samples.deploying("x1"), State.FAILED)
    for each in (failed, samples.deploying("x2")):
        with pytest.raises(ConflictError):
            store.expire(each, {"x1", "x2"})
    store.delete_project("p1")
    with pytest.raises(MissingError):
        store.expire(failed, {"x1"})


def test_nothing_is_pointed_to_it_any_more(store, samples):
    """A rollback to what has expired is refused, and a repeated event brings nothing back."""
    first = samples.ready("x1", "shop")
    samples.ready("x2", "shop")
    expired = store.expire(store.deployment("x1"), {"x1"}).deployment
    with pytest.raises(ConflictError, match="expired"):
        store.move_alias("shop", first)
    assert samples.go_live(first, "shop") == expired
    assert labels(store) == {"shop": "x2", "x2": "x2"}


def test_a_branch_comes_back(store, samples):
    """The label of a branch whose deployment has expired is free for the next one."""
    expiring = store.expire(samples.ready("x1", "shop-git-next"), {"x1", "shop-git-next"})
    samples.ready("x2", "shop-git-next")
    store.forget_expiring(expiring)
    assert Alias("shop-git-next", "p1", "x2", 2, True) in store.aliases("p1")
    store.delete_project("p1")
    (remains,) = store.remains()
    assert sorted(remains.labels) == ["shop-git-next", "x2"]


def test_it_is_cleared_away_once(store, samples):
    """It is remembered until it is cleared away, which may be said again."""
    first = store.expire(samples.ready("x1"), {"x1"})
    second = store.expire(samples.ready("y1", project="p2"), {"y1"})
    assert sorted(store.expiring(), key=lambda each: each.deployment.id) == [first, second]
    for _ in range(2):
        store.forget_expiring(first)
        assert store.expiring() == [second]
    assert store.deployment("x1") == first.deployment


def test_its_project_goes_meanwhile(store, samples):
    """What is not cleared away yet is among what the project leaves; what is, is not."""
    cleared = store.expire(samples.ready("x1", "shop-git-a"), {"x1", "shop-git-a"})
    store.forget_expiring(cleared)
    left = store.expire(samples.ready("x2", "shop-git-b"), {"x2", "shop-git-b"})
    samples.ready("x3", "shop")
    store.delete_project("p1")
    (remains,) = store.remains()
    assert sorted(remains.labels) == ["shop", "shop-git-b", "x2", "x3"]
    assert sorted(remains.finished) == ["x1", "x2", "x3"]
    assert store.expiring() == []
    store.forget_expiring(left)
    store.forget_remains("p1")
    assert store.remains() == []


def test_what_is_kept(store, samples):
    """A project's ready deployments are kept until they expire, oldest first."""
    ready = [samples.ready(id_) for id_ in ("x3", "x1", "x2")]
    samples.deploying("x4")
    store.advance(samples.deploying("x5"), State.FAILED)
    samples.ready("y1", project="p2")
    assert store.kept("p1") == ready
    store.expire(ready[1], {"x1"})
    assert store.kept("p1") == [ready[0], ready[2]]
    assert store.kept("p9") == []


def test_many_at_once(store, samples):
    """While many move a hostname to and fro and others let things expire, it never shows what has expired."""
    made = [samples.ready(f"x{number}", "shop") for number in range(6)]

    def move(deployment: Deployment) -> bool:
        try:
            store.move_alias("shop", deployment)
        except ConflictError:
            return False
        return True

    def expire(deployment: Deployment) -> bool:
        try:
            store.expire(store.deployment(deployment.id), {deployment.id})
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        steps = [pool.submit(step, each) for each in made for step in (move, expire)]
        assert any(step.result() for step in steps)
    shown = store.deployment(labels(store)["shop"])
    assert shown.expired_at is None
    for each in store.deployments("p1"):
        assert (each.id in labels(store)) is (each.expired_at is None)
