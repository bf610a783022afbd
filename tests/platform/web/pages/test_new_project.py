"""A new project, from the list of repositories to the import."""

import json

import pytest

from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.reach import Permission, Reach
from battleshiper.platform.source.port import Head, Repository

PACKAGE = json.dumps({"scripts": {"build": "vite build"}, "devDependencies": {"@sveltejs/kit": "^2"}})


@pytest.fixture(autouse=True)
def _repositories(desk) -> None:
    scene = desk.scene
    head = Head("a" * 40, "Say hello", "ada")
    scene.source.repositories[10] = Repository("me/site", "main", head)
    scene.source.repositories[77] = Repository("acme/mono", "trunk", head)
    scene.source.texts = {"apps/web/package.json": PACKAGE, "docs/index.html": "hello", "README": ""}
    allowed = scene.front.provider.allowed[scene.entered.account.id]
    allowed |= {77: Permission.WRITE, 78: Permission.READ}
    scene.store.keep_reach(scene.entered.account.id, Reach(dict(allowed), scene.now))
    scene.front.provider.names |= {10: "me/site", 77: "acme/mono", 78: "acme/foreign"}


def test_the_repositories_that_one_may_push_to(desk) -> None:
    """With the projects that they have; a search narrows them."""
    text = desk.page("/new")
    assert ("acme/mono" in text, "me/site" in text, "acme/foreign" in text) == (True, True, False)
    assert '<a href="/projects/site">' in text
    found = desk.page("/new?search=MON")
    assert ("acme/mono" in found, "me/site" in found) == (True, False)
    assert "No repository of yours is called like “zzz”" in desk.page("/new?search=zzz")


def test_a_folder_is_looked_at(desk) -> None:
    """The first in which a site may lie, or the one that is chosen."""
    text = desk.page("/new?repository=acme/mono")
    assert ("Plain files" in text, 'value="mono-docs"' in text) == (True, True)
    text = desk.page("/new?repository=acme/mono&root=apps/web")
    assert ("SvelteKit" in text, "npm run build" in text, 'value="mono-web"' in text) == (True, True, True)
    assert "Nothing in this folder looks like a site" in desk.page("/new?repository=acme/mono&root=")
    assert "is the project" in desk.page("/new?repository=me/site&root=")


def test_an_import(desk) -> None:
    """Leads to the project, whose settings are as they were typed and whose first build is asked for."""
    fields = {"repository": "acme/mono", "root": "apps/web", "name": "shop", "build_command": "make"}
    assert desk.post("/new", **fields) == (303, "/projects/shop?done=imported")
    project = desk.store.project_named("shop")
    assert (project.root_directory, project.settings.build_command) == ("apps/web", "make")
    assert EventType.INIT in desk.scene.queued
    status, text = desk.post("/new", **fields)
    assert (status, "is the project shop already" in text) == (409, True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "www"}, "name"),
        ({"name": "<b>"}, "name"),
        ({"node_version": "latest"}, "node_version"),
        ({"production_branch": "a b"}, "production_branch"),
        ({"root": "../up"}, "root"),
    ],
)
def test_what_was_typed_stays(desk, fields, field) -> None:
    """With the rule beside the field, and nothing is imported."""
    before = len(desk.store.projects())
    status, text = desk.post("/new", **{"repository": "acme/mono", "root": "docs", "build_command": "make", **fields})
    assert (status, f'id="fault-{field}"' in text, 'value="make"' in text) == (422, True, True)
    assert "<b>" not in text
    root = fields.get("root", "docs")
    assert f'<input type="hidden" name="root" value="{root}">' in text  # or another folder would be imported next
    assert len(desk.store.projects()) == before


def test_a_foreign_repository_is_as_an_absent_one(desk) -> None:
    """Whether it may only be read, is somebody else's, or is not there."""
    desk.scene.source.repositories[78] = desk.scene.source.repositories[79] = Repository("acme/foreign", "main", None)
    texts = []
    for name in ("acme/foreign", "acme/none", "", "x" * 3000, "<b>/c"):
        for answer in (
            desk.client.get("/new", params={"repository": name or " "}),
            desk.client.post(
                "/new",
                data={"form_token": desk.scene.entered.session.form_token, "repository": name, "root": ""},
                headers={"origin": "http://testserver"},
            ),
        ):
            assert answer.status_code == 404
            texts.append("may not see a repository" in answer.text)
            assert "<b>" not in answer.text
    assert all(texts)


def test_the_app_is_not_asked_for_what_is_foreign(desk) -> None:
    """Its questions are counted for everybody, so nobody can use them up with made-up names."""
    desk.scene.source.down = True
    for _ in range(3):
        assert "may not see a repository" in desk.page("/new?repository=acme/none", 404)
    assert "GitHub does not answer" in desk.page("/new?repository=acme/mono", 404)


def test_nothing_to_choose_from(desk) -> None:
    """Says what to do next."""
    desk.scene.front.provider.allowed[desk.scene.entered.account.id].clear()
    assert "Install the App on an account" in desk.page("/new")
