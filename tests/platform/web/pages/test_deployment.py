"""A deployment's page shows its way, its log, and what can be done with it."""

import pytest

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.pull_request import outside_branch


def test_what_it_shows(desk) -> None:
    """State, commit, address, times and the log, each line with a number to link to."""
    deployment = desk.scene.add_deployment(desk.project, State.READY, message="Say hello\n\nmore")
    text = desk.page(f"/deployments/{deployment.id}")
    assert text.count('class="state ') == 1
    assert "Say hello</h1>" in text
    assert f'href="https://github.example/me/site/commit/{deployment.commit.sha}"' in text
    assert 'href="http://site.localhost:8787"' in text
    assert "21.0 s" in text
    assert '<li id="L1"><a href="#L1"' in text
    assert "data-events" not in text


def test_what_changed(desk) -> None:
    """GitHub shows it, but for a branch's first commit."""
    first, second = (desk.scene.add_deployment(desk.project) for _ in range(2))
    assert "What changed" not in desk.page(f"/deployments/{first.id}")
    path = f"https://github.example/me/site/compare/{first.commit.sha}...{second.commit.sha}"
    assert f'href="{path}"' in desk.page(f"/deployments/{second.id}")


def test_one_that_has_expired(desk) -> None:
    """It links to no site, and says since when it is gone and what helps."""
    preview = desk.scene.add_deployment(desk.project, State.READY, branch="idea")
    expired = desk.store.expire(preview, {f"site-{preview.id}", "site-git-idea"}).deployment
    assert expired.expired_at is not None
    text = desk.page(f"/deployments/{preview.id}")
    assert preview.url not in text
    assert f"Expired on {expired.expired_at:%Y-%m-%d}; redeploy builds it again" in text
    assert "Waiting for the build" not in text


def test_one_that_has_failed(desk) -> None:
    """It says why, and in which step."""
    deployment = desk.scene.add_deployment(desk.project, State.FAILED, reason="npm ended with 1.")
    text = desk.page(f"/deployments/{deployment.id}")
    assert '<p class="notice failed">npm ended with 1.' in text
    assert '<li class="stopped">' in text
    assert "failed after 7.0 s" in text


def test_a_long_log_comes_in_parts(desk) -> None:
    """The end is shown first, and a link leads to what is before; any line can be asked for."""
    deployment = desk.scene.add_deployment(desk.project, State.BUILDING)
    for number in range(1000):
        desk.scene.logs.append(deployment.id, LogKind.BUILD, f"line-{number:04}")
    path = f"/deployments/{deployment.id}"
    text = desk.page(path)
    assert ("line-0999" in text, "line-0600" in text, "line-0500" in text) == (True, True, False)
    assert 'data-start="1001"' in text
    assert f"{path}?from=202#log" in text
    part = desk.page(f"{path}?from=202")
    assert ('id="L202"' in part, 'id="L601"' in part, 'id="L602"' in part) == (True, True, False)
    assert f"{path}?from=602#log" in part
    assert "data-events" not in part
    assert len(text.encode()) < 75_000


def test_search_in_the_log(desk) -> None:
    """It finds text in any case, says how often, and keeps the lines' numbers."""
    deployment = desk.scene.add_deployment(desk.project, State.BUILDING)
    for text in ("one", "An ERROR here", "three"):
        desk.scene.logs.append(deployment.id, LogKind.BUILD, text)
    text = desk.page(f"/deployments/{deployment.id}?q=error")
    assert ("An ERROR here" in text, "three" in text) == (True, False)
    assert "1 line found" in text
    assert 'id="L3"' in text
    assert 'value="error"' in text


def test_download(desk) -> None:
    """The whole log as text, with times."""
    deployment = desk.scene.add_deployment(desk.project, State.BUILDING)
    answer = desk.client.get(f"/deployments/{deployment.id}/log.txt")
    assert answer.text == "2026-03-01T12:00:07.000Z building Say hello\n"
    assert answer.headers["content-disposition"] == f'attachment; filename="{deployment.id}-build.txt"'


@pytest.mark.parametrize(
    ("state", "branch", "offered"),
    [
        (State.AWAITING_APPROVAL, outside_branch(3), ["approve", "cancel"]),
        (State.BUILDING, "main", ["cancel"]),
        (State.FAILED, "main", ["redeploy"]),
        (State.READY, "idea", ["promote", "redeploy"]),
        (State.READY, "main", ["redeploy"]),
        (State.READY, outside_branch(3), ["redeploy"]),
    ],
)
def test_what_is_offered(desk, state: State, branch: str, offered: list[str]) -> None:
    """Buttons are there for what can be done, and for nothing else."""
    desk.scene.add_deployment(desk.project, State.READY)
    deployment = desk.scene.add_deployment(desk.project, state, branch=branch)
    text = desk.page(f"/deployments/{deployment.id}")
    deeds = ("approve", "cancel", "promote", "rollback", "redeploy")
    assert [deed for deed in deeds if f'action="/deployments/{deployment.id}/{deed}"' in text] == offered


def test_an_earlier_one_can_be_rolled_back_to(desk) -> None:
    """It is offered on the page of what production showed before."""
    first, _ = (desk.scene.add_deployment(desk.project, State.READY) for _ in range(2))
    assert f'action="/deployments/{first.id}/rollback"' in desk.page(f"/deployments/{first.id}")
