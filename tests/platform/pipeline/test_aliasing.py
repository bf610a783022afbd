"""Custom aliases follow production or a branch, in the routes as well, and leave nothing behind."""

import json
from datetime import timedelta

import pytest

from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.model.subscription import DEFAULT, Limit, Subscription
from battleshiper.platform.pipeline.aliasing import Aliasing, AliasRefusedError
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.store.port import NewProject
from tests.platform.pipeline.conftest import World

A, B, C = "a" * 40, "b" * 40, "c" * 40


@pytest.fixture
def aliasing(world: World) -> Aliasing:
    return Aliasing(world.store, world.routing, world.clock)


def served(world: World, label: str) -> str | None:
    """The deployment that the edge serves at a label."""
    record = world.routes.get(label)
    return None if record is None else json.loads(record)["deployment"]


def test_an_alias_shows_what_production_does(world: World, aliasing: Aliasing) -> None:
    """From the moment it is held, through pushes, rollbacks and promotions."""
    first = world.deploy(A)
    aliasing.hold(world.project(), "sale")
    assert served(world, "sale") == first.id
    second = world.deploy(B)
    assert served(world, "sale") == second.id
    world.operations.rollback("site")
    assert served(world, "sale") == served(world, "site") == first.id
    preview = world.deploy(C, "next")
    assert served(world, "sale") == first.id
    world.operations.promote("site", preview.id)
    assert served(world, "sale") == preview.id
    assert "noindex" not in json.loads(world.routes.get("sale"))


def test_an_alias_shows_what_a_branch_does(world: World, aliasing: Aliasing) -> None:
    """As soon as there is something, hidden from search engines as every preview, until the branch is retired."""
    world.deploy(A)
    aliasing.hold(world.project(), "beta", "next")
    assert served(world, "beta") is None
    preview = world.deploy(B, "next")
    assert served(world, "beta") == preview.id
    assert json.loads(world.routes.get("beta"))["noindex"] is True
    world.retire("next")
    world.settle("next")
    assert served(world, "beta") is None
    world.bring_back("next")
    world.settle("next")
    assert served(world, "beta") == preview.id
    aliasing.hold(world.project(), "beta")
    assert served(world, "beta") == served(world, "site")


def test_a_branch_that_is_production_is_followed_as_that(world: World, aliasing: Aliasing) -> None:
    """Rollbacks included."""
    world.deploy(A)
    assert aliasing.hold(world.project(), "sale", "main").branch is None


def test_a_released_alias_shows_nothing(world: World, aliasing: Aliasing) -> None:
    """And may be held by anybody from then on."""
    world.deploy(A)
    aliasing.hold(world.project(), "sale")
    released = aliasing.release(world.project(), "sale")
    assert released is not None
    assert (served(world, "sale"), world.store.custom_aliases()) == (None, [])
    assert aliasing.release(world.project(), "sale") is None
    assert served(world, "site") is not None


def test_what_a_dead_process_left_is_finished(world: World, aliasing: Aliasing) -> None:
    """Between the store and the routes, at both ends; and routes that are lost come back."""
    world.deploy(A)
    held = aliasing.hold(world.project(), "sale")
    world.routes.write({"sale": None})
    assert world.routing.repair() == 1
    assert served(world, "sale") == served(world, "site")
    world.store.release_alias(held)
    aliasing.clear()
    assert (served(world, "sale"), world.store.custom_aliases()) == (None, [])


def test_an_expired_branch_takes_its_alias_along(world: World, aliasing: Aliasing) -> None:
    """The hostname answers as one that there is not; it is still held."""
    world.deploy(A)
    world.deploy(B, "next")
    aliasing.hold(world.project(), "beta", "next")
    world.now += timedelta(days=400)
    world.expiry_of(Keeping(timedelta(days=1), 0)).expire()
    assert served(world, "beta") is None
    assert served(world, "site") is not None
    assert [alias.label for alias in aliasing.of_project(world.project())] == ["beta"]


def test_a_deleted_project_leaves_no_alias(world: World, aliasing: Aliasing) -> None:
    """Neither in the routes nor in the store."""
    world.deploy(A)
    aliasing.hold(world.project(), "sale")
    world.removal.remove(world.delete())
    assert world.all_routes() == {}
    assert world.store.custom_aliases() == []


def test_a_second_claim_is_told_whom_to_ask(world: World, aliasing: Aliasing) -> None:
    """Whatever the label is of."""
    project = world.project()
    aliasing.hold(project, "sale")
    other = world.store.create_project(NewProject("p2", ("other",), 1, 8, 77, "acme/other"))
    with pytest.raises(OperationRefusedError, match=r"taken by a project of me\. Ask them"):
        aliasing.hold(other, "sale")
    with pytest.raises(OperationRefusedError, match="taken by a project of acme"):
        aliasing.hold(project, "other")
    with pytest.raises(OperationRefusedError, match="is a hostname of site already"):
        aliasing.hold(project, "site")
    assert aliasing.release(other, "sale") is None
    assert [alias.label for alias in aliasing.of_project(project)] == ["sale"]


@pytest.mark.parametrize(
    ("label", "branch", "field", "rule"),
    [
        ("", None, "label", "up to 40 of a-z"),
        ("Sale", None, "label", "single hyphens"),
        ("www", None, "label", "reserved"),
        ("x" * 41, None, "label", "up to 40"),
        ("site-git-next", None, "label", "neither reserved nor with -git"),
        ("sale-0123abcd", None, "label", "eight hexadecimal digits"),
        ("a.b", None, "label", "cannot be an alias"),
        ("sale", "x" * 256, "branch", "1 to 255"),
        ("sale", "", "branch", "1 to 255"),
    ],
)
def test_mistakes_name_the_field(world: World, aliasing: Aliasing, label, branch, field, rule) -> None:
    """Nothing is held."""
    with pytest.raises(AliasRefusedError, match=rule) as refused:
        aliasing.hold(world.project(), label, branch)
    assert refused.value.field == field
    assert world.store.custom_aliases() == []


def test_the_limit_is_told(world: World, aliasing: Aliasing) -> None:
    """Which it is, how much is used, of whom; one that is held may follow something else all the same."""
    world.store.keep_subscription(Subscription(DEFAULT, {Limit.ALIASES: 1}))
    aliasing.hold(world.project(), "sale")
    with pytest.raises(OperationRefusedError, match="Limit reached: 1 aliases, and me may have 1"):
        aliasing.hold(world.project(), "beta")
    aliasing.hold(world.project(), "sale", "next")
    aliasing.release(world.project(), "sale")
    aliasing.hold(world.project(), "beta")
