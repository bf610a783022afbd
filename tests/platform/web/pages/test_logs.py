"""The logs of what is live."""

from datetime import timedelta

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import State

SITE = (("function.zip", 10), ("client/app.js", 10))


def test_nothing_is_live(desk) -> None:
    """It says where logs are until then."""
    assert "Nothing is live yet" in desk.page("/projects/site/logs")


def test_kinds(desk) -> None:
    """The server's where there is one, else the build's; any can be asked for."""
    static = desk.scene.add_deployment(desk.project, State.READY)
    desk.scene.logs.append(static.id, LogKind.DEPLOY, "2 files published")
    text = desk.page("/projects/site/logs")
    assert ("deploying Say hello" in text, "data-events" in text) == (True, False)
    assert "2 files published" in desk.page("/projects/site/logs?kind=deploy")
    assert "This site has no server function" in desk.page("/projects/site/logs?kind=server")
    live = desk.scene.add_deployment(desk.project, State.READY, files=SITE)
    assert "The server has printed nothing yet" in desk.page("/projects/site/logs")
    desk.scene.logs.append(live.id, LogKind.SERVER, "served /")
    text = desk.page("/projects/site/logs")
    assert "served /" in text
    assert f'data-events="/deployments/{live.id}/events" data-state="ready" data-start="1"' in text


def test_time_and_text(desk) -> None:
    """Only what is not older than asked for and has the text in it."""
    live = desk.scene.add_deployment(desk.project, State.READY, files=SITE)
    for text in ("an old error", "a new error", "something new"):
        desk.scene.logs.append(live.id, LogKind.SERVER, text)
        desk.scene.now += timedelta(minutes=40)
    text = desk.page("/projects/site/logs?range=24h&q=ERROR")
    assert ("an old error" in text, "a new error" in text, "something new" in text) == (True, True, False)
    assert "2 lines" in text
    text = desk.page("/projects/site/logs?range=1h")
    assert ("an old error" in text, "something new" in text) == (False, True)
    assert "No line is like that" in desk.page("/projects/site/logs?range=15m")
    assert '<option value="15m" selected>' in desk.page("/projects/site/logs?range=15m")
