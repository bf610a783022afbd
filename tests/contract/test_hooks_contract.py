"""Every store keeps build hooks until they are removed, or their project is."""

from dataclasses import replace

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.hook import Hook
from battleshiper.platform.store.port import MissingError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def test_hooks_are_kept(store, clock):
    """Oldest first, each project's by themselves."""
    first = Hook("b", "p1", "the CMS, <ü>", None, "0" * 64, clock())
    clock.advance(1)
    second = Hook("a", "p1", "nightly", "next/ünit", "1" * 64, clock())
    for hook in (second, first):
        store.add_hook(hook)
    assert store.hooks("p1") == [first, second]
    assert store.hooks("p2") == store.hooks("p9") == []
    assert store.hook("p1", "a") == second
    for project, hook_id in (("p2", "a"), ("p1", "c"), ("x" * 3000, "y" * 3000), ("", "")):
        with pytest.raises(MissingError):
            store.hook(project, hook_id)
    with pytest.raises(MissingError):
        store.add_hook(replace(first, project_id="p9"))


def test_a_use_is_remembered(store, clock):
    """Until the hook is gone; then there is nothing to remember."""
    hook = Hook("a", "p1", "nightly", None, "1" * 64, clock())
    store.add_hook(hook)
    clock.advance(60)
    store.note_hook_use(hook, clock())
    assert store.hook("p1", "a") == replace(hook, used_at=clock())
    assert store.remove_hook("p2", "a") is False
    assert store.remove_hook("p1", "a") is True
    assert store.remove_hook("p1", "a") is False
    store.note_hook_use(hook, clock())
    assert store.hooks("p1") == []


def test_they_end_with_their_project(store, clock):
    """Nothing is left that could be called."""
    store.add_hook(Hook("a", "p1", "nightly", None, "1" * 64, clock()))
    store.delete_project("p1")
    assert store.hooks("p1") == []
    with pytest.raises(MissingError):
        store.hook("p1", "a")
