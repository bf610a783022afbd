"""The settings: changed, refused with what was typed, and the project's end."""

import pytest

from battleshiper.platform.model.project import ALL_SURFACES, Surface
from battleshiper.platform.model.settings import BuildSettings, PreviewPolicy
from battleshiper.platform.secrets.port import SecretsError

HOME = "/projects/site/settings"


def test_surfaces(desk) -> None:
    """Those stay that are chosen; none may be."""
    assert desk.page(HOME).count(" checked") == len(ALL_SURFACES)
    assert desk.post(f"{HOME}/surfaces", status="on", comment="on") == (303, f"{HOME}?done=surfaces")
    assert desk.store.project("p10").surfaces == {Surface.STATUS, Surface.COMMENT}
    assert desk.page(HOME).count(" checked") == 2
    desk.post(f"{HOME}/surfaces")
    assert desk.store.project("p10").surfaces == frozenset()


def test_the_build_is_told(desk) -> None:
    """What is typed is kept and shown; what is emptied is detected again."""
    done = desk.post(f"{HOME}/build", build_command=" make site ", output_directory="out", node_version="24")
    assert done == (303, f"{HOME}?done=build#build")
    assert 'value="make site"' in desk.page(HOME)
    desk.post(f"{HOME}/build", output_directory="out")
    assert desk.store.project("p10").settings.build == BuildSettings(output_directory="out")
    status, text = desk.post(f"{HOME}/build", build_command="make", node_version="latest")
    assert (status, 'id="fault-node_version"' in text, 'value="make"' in text) == (422, True, True)
    assert desk.store.project("p10").settings.build_command is None


def test_the_branches_are_chosen(desk) -> None:
    """Production and previews, each with its rule."""
    assert desk.post(f"{HOME}/branches", production_branch="next", previews="none")[0] == 303
    project = desk.store.project("p10")
    assert (project.production_branch, project.settings.previews) == ("next", PreviewPolicy.NONE)
    assert '<option value="none" selected>' in desk.page(HOME)
    for fields, field in (({"production_branch": "a b"}, "production_branch"), ({"previews": "some"}, "previews")):
        status, text = desk.post(f"{HOME}/branches", **fields)
        assert (status, f'id="fault-{field}"' in text) == (422, True)
    assert desk.store.project("p10") == project


def test_variables(desk) -> None:
    """They are set, listed without their values, replaced and removed."""
    done = desk.post(f"{HOME}/variables", name=" API_KEY ", scope="production", value="one\r\ntwo")
    assert done == (303, f"{HOME}?done=variable-kept#variables")
    desk.post(f"{HOME}/variables", name="API_KEY", scope="branch", branch="idea", value="other")
    text = desk.page(HOME)
    assert ("API_KEY" in text, "branch idea" in text, "two" in text.partition("</h2>")[0]) == (True, True, False)
    assert "one" not in [line.strip() for line in text.splitlines()]
    (production,) = [each for each in desk.store.variables("p10") if each.scope == "production"]
    seal = desk.scene.variables._seal
    assert seal.open(production.sealed, "API_KEY of p10 for production") == "one\ntwo"
    for _ in range(2):
        done = desk.post(f"{HOME}/variables/remove", name="API_KEY", scope="production")
        assert done == (303, f"{HOME}?done=variable-removed#variables")
    assert [each.scope for each in desk.store.variables("p10")] == ["branch:idea"]


@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [
        ({"name": "1X", "scope": "preview", "value": "kept"}, "name", "no digit first"),
        ({"name": "PATH", "scope": "preview", "value": "kept"}, "name", "set by the platform"),
        ({"name": "A" * 129, "scope": "preview", "value": "kept"}, "name", "up to 128"),
        ({"name": "X", "scope": "branch", "branch": " ", "value": "kept"}, "scope", "branch:&lt;name&gt;"),
        ({"name": "X", "scope": "everywhere", "value": "kept"}, "scope", "for production, preview"),
        ({"name": "X", "scope": "preview", "value": "kept" * 5000}, "value", "16,384 bytes"),
        ({"name": "X", "scope": "preview", "value": "kept\0"}, "value", "no NUL"),
    ],
)
def test_a_wrong_variable(desk, fields: dict[str, str], field: str, rule: str) -> None:
    """The field is marked, the rule is said beside it, and everything typed is still there."""
    status, text = desk.post(f"{HOME}/variables", **fields)
    assert status == 422
    assert f'aria-invalid="true" aria-describedby="fault-{field}"' in text
    fault = text[text.index(f'id="fault-{field}"') :].partition("</span>")[0]
    assert rule in fault
    assert f'value="{fields["name"]}"' in text
    assert "kept" in text
    assert list(desk.store.variables("p10")) == []


def test_no_key(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the key cannot be read the page says that nothing was kept, and nothing of how keys are kept."""

    def fail(*_: object) -> None:
        raise SecretsError("the key of the platform is at /secret/place")

    monkeypatch.setattr(desk.scene.variables, "set", fail)
    status, text = desk.post(f"{HOME}/variables", name="X", scope="preview", value="typed")
    assert (status, "cannot be read now" in text, "/secret/place" in text, "typed" in text) == (503, True, False, True)


@pytest.mark.parametrize("typed", ["", "Site", "site2", "<b>"])
def test_delete_needs_the_name(desk, typed: str) -> None:
    """Anything else deletes nothing and stays in the field."""
    status, text = desk.post(f"{HOME}/delete", confirmation=typed)
    assert (status, "Nothing was deleted" in text, "fault-confirmation" in text) == (422, True, True)
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in text
    assert desk.scene.deletions == []


def test_delete(desk) -> None:
    """With its name typed the project's end is asked for."""
    assert desk.post(f"{HOME}/delete", confirmation=" site ") == (303, "/?done=deleted")
    assert desk.scene.deletions == ["p10"]
