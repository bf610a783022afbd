"""Who sees and changes what: a foreign thing answers as an absent one, and no other site acts for a viewer."""

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import Role

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
    theirs = desk.scene.add_project("theirs", None)
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
        assert (status, "did not come from a page of this platform" in said) == (403, True)
    assert desk.store.deployment(deployment.id) == deployment


@pytest.mark.parametrize("path", FORMS)
def test_who_may_only_look_changes_nothing(desk, path: str) -> None:
    """They are told who may."""
    deployment = desk.scene.add_deployment(desk.project)
    desk.scene.allow(desk.project, Permission.READ)
    status, said = desk.post(path.format(deployment=deployment.id, project="site"))
    assert (status, "Who may push to me/site may change site" in said) == (403, True)
    assert desk.store.deployment(deployment.id) == deployment


def test_who_may_only_look_is_offered_nothing(desk) -> None:
    """No page of theirs has a form that changes something, and the settings are not shown."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    desk.scene.allow(desk.project, Permission.READ)
    for path in ("/", "/projects/site", "/projects/site/logs", f"/deployments/{deployment.id}"):
        text = desk.page(path)
        assert text.count('method="post"') == text.count('action="/sign-out"') == 1
        assert "Settings" not in text
    assert "Who may push" in desk.page("/projects/site/settings", 403)


def test_who_may_see_everything_reads_no_log(desk) -> None:
    """Support sees every project, and of what is printed only what is their own."""
    theirs = desk.scene.add_project("theirs", None)
    deployment = desk.scene.add_deployment(theirs, State.BUILDING)
    desk.store.set_roles(desk.scene.entered.account.id, [Role.SUPPORT])
    text = desk.page(f"/deployments/{deployment.id}")
    assert ("not what its build printed" in text, "building Say hello" in text, "log.txt" in text) == (
        True,
        False,
        False,
    )
    for path in (
        "/projects/theirs/logs",
        f"/deployments/{deployment.id}/events",
        f"/deployments/{deployment.id}/log.txt",
    ):
        assert "read the logs of theirs" in desk.page(path, 403)
    assert "Settings" not in desk.page("/projects/theirs")


def test_a_viewer_can_sign_out(desk) -> None:
    """Every page says who looks, and lets them leave."""
    text = desk.page("/")
    assert '<span class="name">ada</span>' in text
    assert 'action="/sign-out"' in text
    assert f'name="form_token" value="{desk.scene.entered.session.form_token}"' in text
