"""What others do between the moment a deployment is looked at and the moment it expires."""

import pytest
from aws.dynamo_platform import deployment

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.port import ConflictError, MissingError


def ready(platform, id_: str, *moving: str) -> Deployment:
    """Let a deployment go live at its id and at labels."""
    made = platform.store.create_deployment(deployment(id_))
    made = platform.store.advance(platform.store.advance(made, State.BUILDING), State.DEPLOYING)
    return platform.store.go_live(made, own=made.id, moving=moving, url="https://a.example", function=None)


def test_it_is_promoted_meanwhile(platform, meanwhile):
    """It stays, though the clock says that nothing has happened since."""
    ready(platform, "x1", "shop")
    ready(platform, "x2", "shop")
    first = platform.store.deployment("x1")
    meanwhile(lambda other: other.store.move_alias("shop", first))
    with pytest.raises(ConflictError, match="shop"):
        platform.store.expire(first, {"x1"})
    assert platform.shown() == {"shop": "x1", "x1": "x1", "x2": "x2"}


def test_it_is_promoted_and_replaced_meanwhile(platform, meanwhile):
    """It has been shown, so whoever decided decides again."""
    first, second = ready(platform, "x1"), ready(platform, "x2", "shop")

    def to_and_fro(other) -> None:
        other.store.move_alias("shop", first)
        other.store.move_alias("shop", second)

    meanwhile(to_and_fro)
    with pytest.raises(ConflictError):
        platform.store.expire(first, {"x1"})
    assert platform.store.deployment("x1").expired_at is None


def test_it_expires_while_it_is_promoted(platform, meanwhile):
    """The promotion is refused."""
    first = ready(platform, "x1")
    ready(platform, "x2", "shop")
    meanwhile(lambda other: other.store.expire(first, {"x1"}))
    with pytest.raises(ConflictError, match="expired"):
        platform.store.move_alias("shop", first)
    assert platform.shown() == {"shop": "x2", "x2": "x2"}


def test_its_branch_goes_on_meanwhile(platform, meanwhile):
    """The branch's new deployment keeps the label."""
    first = ready(platform, "x1", "shop-git-next")
    meanwhile(lambda other: ready(other, "x2", "shop-git-next"))
    with pytest.raises(ConflictError):
        platform.store.expire(first, {"x1", "shop-git-next"})
    assert platform.shown() == {"shop-git-next": "x2", "x1": "x1", "x2": "x2"}


def test_its_branch_comes_back_while_it_is_forgotten(platform, meanwhile):
    """The label that is used again is still the project's."""
    expiring = platform.store.expire(ready(platform, "x1", "shop-git-next"), {"x1", "shop-git-next"})
    meanwhile(lambda other: ready(other, "x2", "shop-git-next"))
    platform.store.forget_expiring(expiring)
    assert [alias.label for alias in platform.store.aliases("p1")] == ["shop-git-next", "x2"]


def test_its_project_is_deleted_meanwhile(platform, meanwhile):
    """Nothing of it is left, and no note of its end either."""
    first = ready(platform, "x1")
    meanwhile(lambda other: other.store.delete_project("p1"))
    with pytest.raises(MissingError):
        platform.store.expire(first, {"x1"})
    assert platform.store.expiring() == []
    assert [item for item in platform.items() if "EXPIRING" in item or "LABEL" in item] == []


def test_what_has_expired_costs_nothing(platform):
    """Looking for what may expire reads as much as is kept, however much there once was; so does whoever lists what is
    left to clear away."""
    ready(platform, "x1", "shop")

    def look() -> int:
        platform.client.calls.clear()
        platform.store.kept("p1")
        platform.store.expiring()
        queries = [answer for method, _, answer in platform.client.calls if method == "query"]
        assert {method for method, _, _ in platform.client.calls} <= {"query", "batch_get_item"}
        return sum(answer["ScannedCount"] for answer in queries)

    before = look()
    for number in range(5):
        platform.store.forget_expiring(platform.store.expire(ready(platform, f"y{number}"), {f"y{number}"}))
    assert look() == before
