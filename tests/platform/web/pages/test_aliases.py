"""The hostnames of a project: seen by all who see it, changed by those who may write."""

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.store.port import NewProject

HOME = "/projects/site/aliases"


def test_an_alias_is_added_and_released(desk) -> None:
    """It is listed with its address and what it shows; a second release changes nothing."""
    assert "holds no alias" in desk.page(HOME)
    assert desk.post(HOME, label=" Spring-Sale ") == (303, f"{HOME}?done=alias-held")
    desk.post(HOME, label="beta", branch="next")
    text = desk.page(f"{HOME}?done=alias-held")
    assert 'href="http://spring-sale.localhost:8787"' in text
    assert "branch <code>next</code>" in text
    assert "The alias is held" in text
    for _ in range(2):
        assert desk.post(f"{HOME}/release", label="beta") == (303, f"{HOME}?done=alias-released")
    assert "beta" not in desk.page(HOME)


@pytest.mark.parametrize(
    ("label", "status", "said"),
    [
        ("www", 422, "neither reserved"),
        ("<b>", 422, "cannot be an alias"),
        ("other", 409, "taken by a project of acme. Ask them"),
    ],
)
def test_what_was_typed_stays(desk, label: str, status: int, said: str) -> None:
    """With the rule beside the field."""
    desk.store.create_project(NewProject("p2", ("other",), 1, 8, 77, "acme/other"))
    answered, text = desk.post(HOME, label=label, branch="idea")
    assert (answered, said in text, 'value="idea"' in text) == (status, True, True)
    assert 'id="fault-label"' in text
    assert "<b>" not in text
    assert desk.store.custom_aliases() == []


def test_a_reader_only_looks(desk) -> None:
    """No form is offered, and none is taken."""
    desk.post(HOME, label="sale")
    desk.scene.allow(desk.project, Permission.READ)
    text = desk.page(HOME)
    assert ("sale.localhost" in text, "<form" in text.partition("<main")[2]) == (True, False)
    for path in (HOME, f"{HOME}/release"):
        assert desk.post(path, label="sale")[0] == 403
    assert [alias.label for alias in desk.store.custom_aliases()] == ["sale"]


def test_the_alias_shows_the_site(desk) -> None:
    """Its route is there when the page says so."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    desk.post(HOME, label="sale")
    assert deployment.id in (desk.scene.routing._routes.get("sale") or "")
