"""A log as it grows."""

import pytest

from battleshiper.platform.logs.port import LogKind, LogLine
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.web.pages.log_window import write_log


@pytest.fixture
def deployment(desk) -> Deployment:
    """One that is queued, with two lines in its log."""
    made: Deployment = desk.scene.add_deployment(desk.project)
    for text in ("one", "two"):
        desk.scene.logs.append(made.id, LogKind.BUILD, text)
    return made


def test_it_sends_each_line(desk, deployment: Deployment) -> None:
    """Each line has its number; it goes on from the last one, and ends when the state changes."""
    path = f"/deployments/{deployment.id}/events"
    with desk.client.stream("GET", path, headers={"last-event-id": "1"}) as answer:
        seen = []
        for line in answer.iter_lines():
            seen.append(line)
            if line.startswith("data") and "two" in line:
                desk.store.advance(deployment, State.CANCELED)
            if line == "event: changed":
                break
    assert "id: 2" in seen
    assert not any("one" in line for line in seen)


def test_of_what_is_over(desk, deployment: Deployment) -> None:
    """The live log of a deployment that has ended is over at once."""
    desk.store.advance(deployment, State.CANCELED)
    text = desk.client.get(f"/deployments/{deployment.id}/events").text
    assert text.endswith("event: changed\ndata: {}\n\n")


def test_of_a_deleted_project(desk, deployment: Deployment) -> None:
    """It ends when the project is deleted while it is read."""
    with desk.client.stream("GET", f"/deployments/{deployment.id}/events") as answer:
        lines = answer.iter_lines()
        assert "id: 1" in lines
        desk.store.delete_project(desk.project.id)
        assert "event: changed" in lines


@pytest.mark.parametrize("kind", ["build", "server"])
def test_in_pieces(desk, deployment: Deployment, kind: str) -> None:
    """Where answers are sent in one piece, each says what there is and when to ask for the rest."""
    desk.scene.logs.append(deployment.id, LogKind.SERVER, "one")
    events = desk.browser(follow_seconds=0).get(f"/deployments/{deployment.id}/events?kind={kind}").text
    assert events.startswith("retry: ")
    assert "id: 1\n" in events
    assert "changed" not in events


def test_a_state_that_was_missed(desk, deployment: Deployment) -> None:
    """A page that shows an earlier state is told so, however often the browser has asked again meanwhile."""
    desk.store.advance(deployment, State.BUILDING)
    browser = desk.browser(follow_seconds=0)
    for state, is_told in (("queued", True), ("building", False), ("nonsense", False)):
        events = browser.get(f"/deployments/{deployment.id}/events?state={state}").text
        assert ("event: changed" in events) is is_told


def test_of_a_server(desk, deployment: Deployment) -> None:
    """What a server prints goes on after the deployment is finished."""
    desk.store.advance(deployment, State.CANCELED)
    desk.scene.logs.append(deployment.id, LogKind.SERVER, "served")
    events = desk.browser(follow_seconds=0).get(f"/deployments/{deployment.id}/events?kind=server&start=nonsense").text
    assert ("served" in events, "changed" in events) == (True, False)


def test_a_very_long_line(desk, deployment: Deployment) -> None:
    """Pages show its beginning and say how much more there is; the file has all of it."""
    desk.scene.logs.append(deployment.id, LogKind.BUILD, "x" * 30_000)
    desk.store.advance(deployment, State.CANCELED)
    for path in ("", "/events"):
        text = desk.client.get(f"/deployments/{deployment.id}{path}").text
        assert len(text) < 10_000
        assert "28,000 more characters" in text
    assert "x" * 30_000 in desk.client.get(f"/deployments/{deployment.id}/log.txt").text


def test_a_very_long_log_as_a_file() -> None:
    """It is cut where it would be more than an answer may have, and says so."""
    lines = [LogLine("2026-01-01T00:00:00.000Z", "x" * 100)] * 10
    assert list(write_log(lines, 300, "The rest is left out.\n"))[2:] == ["The rest is left out.\n"]
    assert len(list(write_log(lines, 10_000, "The rest is left out.\n"))) == 10
