"""Every store keeps the environment variables of projects."""

from dataclasses import replace
from datetime import timedelta

import pytest

from battleshiper.platform.model.variable import Variable
from battleshiper.platform.store.port import MissingError


@pytest.fixture
def variable(clock) -> Variable:
    """A variable to keep."""
    return Variable("TOKEN", "production", "c2VhbGVk", clock())


def test_variables_are_kept(store, samples, clock, variable):
    """By name and scope, each project's apart; another value takes the place of the one before."""
    store.create_project(samples.project(1, "shop"))
    store.create_project(samples.project(2, "other"))
    preview = replace(variable, scope="branch:feature/\ud83d-x")
    first = replace(variable, name="A")
    for each in (variable, preview, first):
        store.keep_variable("p1", each)
    newer = replace(variable, sealed="bmV3ZXI=", updated_at=clock() + timedelta(hours=1))
    store.keep_variable("p1", newer)
    kept = store.variables("p1")
    assert [(each.name, each.sealed) for each in kept] == [
        ("A", "c2VhbGVk"),
        ("TOKEN", "c2VhbGVk"),
        ("TOKEN", "bmV3ZXI="),
    ]
    assert kept[2] == newer
    assert store.variables("p2") == []
    assert store.forget_variable("p1", "TOKEN", preview.scope)
    assert not store.forget_variable("p1", "TOKEN", preview.scope)
    assert not store.forget_variable("p2", "TOKEN", "production")
    assert store.variables("p1") == [first, newer]


def test_variables_end_with_their_project(store, samples, variable):
    """Nothing is kept for a project that is not there, and nothing is left of one that was deleted."""
    with pytest.raises(MissingError):
        store.keep_variable("p1", variable)
    store.create_project(samples.project(1, "shop"))
    store.keep_variable("p1", variable)
    store.delete_project("p1")
    assert store.variables("p1") == []
    with pytest.raises(MissingError):
        store.keep_variable("p1", variable)
