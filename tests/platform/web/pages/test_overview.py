"""The overview shows every project of the viewer, and what to do where there is none."""

import re

from starlette.requests import Request

from battleshiper.platform.model.deployment import State


def test_projects_and_how_they_stand(desk) -> None:
    """Each has its address, its latest deployment and a picture; one without any says what to do."""
    desk.scene.add_deployment(desk.project, State.READY, message="Say hello\n\nat length", branch="main")
    desk.scene.add_project("empty")
    text = desk.page("/")
    assert 'href="http://site.localhost:8787"' in text
    assert "Say hello</a>" in text
    assert '<span class="state ready">ready</span>' in text
    assert text.count("<svg") == 2
    assert "Push a commit to me/empty" in text


def test_no_project(desk) -> None:
    """It says how to come to one."""
    desk.scene.allow(desk.project, None)
    text = desk.page("/")
    assert "No project yet" in text
    assert "Install the App" in text
    assert "https://github.example" in text


def test_it_looks_again_sooner_while_something_moves(desk) -> None:
    """Without JavaScript the browser is asked to load it again, but only then."""
    assert 'http-equiv="refresh"' not in desk.page("/")
    desk.scene.add_deployment(desk.project, State.BUILDING)
    text = desk.page("/")
    assert 'http-equiv="refresh"' in text
    assert 'data-refresh="3"' in text


def test_an_offer_to_connect(desk) -> None:
    """It leads those to it who may, and says nothing of it to everybody else."""

    def offer(request: Request) -> str:
        return "/connect" if request.cookies.get("who") == "operator" else ""

    browser = desk.browser(offer=offer)
    assert "Connect GitHub" not in browser.get("/").text
    browser.cookies.set("who", "operator")
    assert 'href="/connect"' in browser.get("/").text


def test_the_first_load_is_small(desk) -> None:
    """With thirty projects, the page and all that it loads is below 100 KB."""
    for number in range(29):
        desk.scene.add_deployment(desk.scene.add_project(f"site-{number}"), State.READY, message="m" * 200)
    text = desk.page("/")
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
    assert files
    assert len(text.encode()) + sum(len(desk.client.get(file).content) for file in files) < 100_000
