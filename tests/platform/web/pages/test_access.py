"""Who sees and changes what: a foreign thing answers as an absent one, and no other site acts for a viewer."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.model.deployment import State
from battleshiper.platform.web.viewer import Everybody

PAGES = ("/projects/{}", "/projects/{}/logs", "/projects/{}/settings")
OF_DEPLOYMENTS = ("/deployments/{}", "/deployments/{}/files", "/deployments/{}/events", "/deployments/{}/log.txt")
FORMS = (
    "/deployments/{deployment}/approve",
    "/deployments/{deployment}/cancel",
    "/deployments/{deployment}/promote",
    "/deployments/{deployment}/rollback",
    "/deployments/{deployment}/redeploy",
    "/projects/{project}/rollback",
    "/projects/{project}/settings/surfaces",
    "/projects/{project}/settings/variables",
    "/projects/{project}/settings/variables/remove",
    "/projects/{project}/settings/delete",
)


def test_a_foreign_thing_answers_as_an_absent_one(desk) -> None:
    """No answer tells whether somebody else's project or deployment is there."""
    theirs = desk.scene.add_project("theirs", seen=False)
    deployment = desk.scene.add_deployment(theirs)
    assert "theirs" not in desk.page("/")
    for paths, foreign, absent in ((PAGES, "theirs", "nothing"), (OF_DEPLOYMENTS, deployment.id, "nothing")):
        for path in paths:
            answers = [desk.client.get(path.format(name)) for name in (foreign, absent)]
            assert [answer.status_code for answer in answers] == [404, 404], path
            assert answers[0].text == answers[1].text
            assert "All projects" in answers[0].text
    for path in FORMS:
        answers = [
            desk.post(path.format(deployment=one, project=other))
            for one, other in ((deployment.id, "theirs"), ("nothing", "nothing"))
        ]
        assert answers[0] == answers[1], path
        assert answers[0][0] == 404, path


@pytest.mark.parametrize("path", FORMS)
def test_a_form_needs_its_token(desk, path: str) -> None:
    """What another site makes the browser send changes nothing and says what to do."""
    deployment = desk.scene.add_deployment(desk.project)
    for token in ("", "wrong", "é"):
        status, said = desk.post(path.format(deployment=deployment.id, project="site"), token=token)
        assert (status, "load the page again" in said) == (403, True)
    assert desk.store.deployment(deployment.id) == deployment


@pytest.mark.parametrize("path", FORMS)
def test_who_may_only_look_changes_nothing(desk, path: str) -> None:
    """They are told who may."""
    deployment = desk.scene.add_deployment(desk.project)
    desk.scene.person.writes.clear()
    status, said = desk.post(path.format(deployment=deployment.id, project="site"))
    assert (status, "You may look at site but not change it" in said) == (403, True)
    assert desk.store.deployment(deployment.id) == deployment


def test_who_may_only_look_is_offered_nothing(desk) -> None:
    """No page of theirs has a form that changes something, and the settings are not shown."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    desk.scene.person.writes.clear()
    for path in ("/", "/projects/site", "/projects/site/logs", f"/deployments/{deployment.id}"):
        text = desk.page(path)
        assert text.count('method="post"') == text.count('action="/sign-out"') == 1
        assert "Settings" not in text
    assert "not change it" in desk.page("/projects/site/settings", 403)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"csrf_token=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"a=b&" * 100, "application/x-www-form-urlencoded", 400),
        (b"a=" + b"b" * 100_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"csrf_token=csrf-token", "text/plain", 415),
    ],
)
def test_what_is_no_form_is_refused(desk, body: bytes, kind: str, status: int) -> None:
    """What cannot be read, or is too much, is answered with a page and does nothing."""
    answer = desk.client.post("/projects/site/settings/delete", content=body, headers={"content-type": kind})
    assert (answer.status_code, "All projects" in answer.text) == (status, True)


def test_everybody_sees_all_and_changes_nothing(desk) -> None:
    """Where nobody signs in, the pages are for reading, and have nothing to sign out of."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    everybody = Everybody(desk.store)
    pages = desk.scene.pages(viewers=lambda _: everybody)
    client = TestClient(Starlette(routes=pages.routes()))
    for path in ("/", "/projects/site", f"/deployments/{deployment.id}"):
        answer = client.get(path)
        assert (answer.status_code, '<form method="post"' in answer.text) == (200, False)
    assert client.post(f"/deployments/{deployment.id}/redeploy", data={"csrf_token": ""}).status_code == 403


def test_a_viewer_can_sign_out(desk) -> None:
    """Every page says who looks, and lets them leave."""
    text = desk.page("/")
    assert "Ada Lovelace" in text
    assert 'action="/sign-out"' in text
    assert 'name="csrf_token" value="csrf-token"' in text
