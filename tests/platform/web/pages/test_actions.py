"""What the buttons do, and what they say when it cannot be done."""

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.store.port import ConflictError


def test_promote_and_roll_back(desk) -> None:
    """Production shows a preview, and then again what it showed."""
    first = desk.scene.add_deployment(desk.project, State.READY)
    preview = desk.scene.add_deployment(desk.project, State.READY, branch="idea")
    for target, deed, done in ((preview, "promote", "promoted"), (first, "rollback", "rolled-back")):
        path = f"/deployments/{target.id}"
        assert desk.post(f"{path}/{deed}") == (303, f"{path}?done={done}")
        assert "in production" in desk.page(f"{path}?done={done}")


def test_cancel_says_who(desk) -> None:
    """The reason has the viewer's name, and the build is ended."""
    deployment = desk.scene.add_deployment(desk.project, State.BUILDING)
    assert desk.post(f"/deployments/{deployment.id}/cancel")[0] == 303
    canceled = desk.store.deployment(deployment.id)
    assert (canceled.state, canceled.reason) == (State.CANCELED, "Canceled by ada.")


def test_approve(desk) -> None:
    """What waited begins; approved again, nothing more happens."""
    deployment = desk.scene.add_deployment(desk.project, State.AWAITING_APPROVAL, branch=outside_branch(3))
    for _ in range(2):
        assert desk.post(f"/deployments/{deployment.id}/approve")[0] == 303
    assert desk.store.deployment(deployment.id).state is State.QUEUED


def test_redeploy_twice_is_once(desk) -> None:
    """The same form sent twice leads to the same new deployment; another one to another."""
    deployment = desk.scene.add_deployment(desk.project, State.FAILED)
    path = f"/deployments/{deployment.id}/redeploy"
    places = [desk.post(path, once=once)[1] for once in ("a", "a", "b")]
    assert places[0] == places[1] != places[2]
    assert len(desk.store.deployments(desk.project.id)) == 3


@pytest.mark.parametrize("deed", ["promote", "rollback"])
def test_nothing_from_outside_becomes_production(desk, deed: str) -> None:
    """It was built without what production needs; the page says to merge it."""
    live = desk.scene.add_deployment(desk.project, State.READY)
    outside = desk.scene.add_deployment(desk.project, State.READY, branch=outside_branch(3))
    status, said = desk.post(f"/deployments/{outside.id}/{deed}")
    assert (status, "Merge its pull request instead" in said) == (409, True)
    assert desk.scene.operations.promote("site", live.id).before.id == live.id


def test_what_cannot_be_done_is_said_on_the_page(desk) -> None:
    """With the reason in the platform's words, and nothing of the command line."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    status, said = desk.post(f"/deployments/{deployment.id}/cancel")
    assert status == 409
    assert f'role="alert">{deployment.id} is ready and cannot be canceled.' in said
    assert "Say hello</h1>" in said


def test_somebody_was_faster(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lost a race is asked to look again."""
    deployment = desk.scene.add_deployment(desk.project, State.FAILED)

    def lose(*_: object, **__: object) -> None:
        raise ConflictError("moved meanwhile")

    monkeypatch.setattr(desk.scene.operations, "redeploy", lose)
    status, said = desk.post(f"/deployments/{deployment.id}/redeploy")
    assert (status, "Somebody else was faster" in said) == (409, True)


def test_an_address_of_an_action_is_no_page(desk) -> None:
    """A link cannot act: only a form does."""
    deployment = desk.scene.add_deployment(desk.project, State.READY)
    for deed in ("promote", "redeploy", "cancel"):
        assert desk.client.get(f"/deployments/{deployment.id}/{deed}").status_code == 405
