"""The pages on which the operator makes the App, and what strangers see of them."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.bot.fake_visitor import FakeVisitor
from battleshiper.infra.local.connect.desk import Desk
from battleshiper.infra.local.connect.office import connect_pages, plan_app
from battleshiper.infra.local.connect.pages import ConnectPages, form_values, templates
from battleshiper.infra.local.kept_app import keep_app, read_kept_app
from battleshiper.infra.local.settings import Settings

URL = "https://ship.example.org"


class Web:
    """The pages, and browsers that look at them."""

    def __init__(self, data_dir: Path, base_url: str = URL) -> None:
        self.data_dir = data_dir
        plan = plan_app(base_url, "https://github.example")
        self.github = FakeVisitor("good")
        self.desk = Desk(
            plan, "https://api.example", self.github, lambda app: keep_app(data_dir, app), lambda: datetime.now(UTC)
        )
        self.pages = ConnectPages(self.desk, base_url, after="It starts again.")
        self.app = Starlette(routes=[*self.pages.routes(), *self.pages.assets()])
        self.base_url = base_url

    def browser(self) -> TestClient:
        """Return a browser without cookies."""
        return TestClient(self.app, base_url=self.base_url)

    def operator(self) -> TestClient:
        """Return the browser of somebody who came by the link."""
        browser = self.browser()
        assert browser.get(self.pages.link).status_code == 200
        return browser


@pytest.fixture
def make_web(tmp_path: Path) -> Callable[..., Web]:
    """Make the pages of a platform at an address."""
    return lambda base_url=URL: Web(tmp_path, base_url)


@pytest.fixture
def web(make_web: Callable[..., Web]) -> Web:
    """The pages of a platform that GitHub can reach."""
    return make_web()


def form(page: str) -> tuple[str, dict[str, object]]:
    """Return where the form goes, and the manifest in it."""
    (action,) = re.findall(r'method="post" action="([^"]*)"', page)
    (manifest,) = re.findall(r'name="manifest" value="([^"]*)"', page)
    return unescape(action), json.loads(unescape(manifest))


def state_of(page: str) -> str:
    """Return the state that the form sends."""
    return parse_qs(urlsplit(form(page)[0]).query)["state"][0]


def test_strangers_see_nothing(web: Web) -> None:
    """Without the link there is no form, no code is taken, and the link works for one browser alone."""
    stranger = web.browser()
    operator = web.operator()
    state = state_of(operator.get("/connect").text)
    for path in ("/connect", "/connect?key=", "/connect?key=x", f"/connect?key={web.desk.key}"):
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "manifest" not in answer.text
    assert stranger.get(f"/connect/created?code=good&state={state}").status_code == 403
    assert web.github.asked == []
    assert operator.get(f"/connect?key={web.desk.key}").status_code == 200


def test_a_look_at_the_link_does_not_use_it(web: Web) -> None:
    """Programs that show where a link leads ask with HEAD; the link still opens for who follows it."""
    looked = web.browser().head(web.pages.link)
    assert (looked.status_code, looked.headers.get("set-cookie")) == (403, None)
    assert "Create the App" in web.operator().get("/connect").text


def test_the_cookie(web: Web) -> None:
    """It is out of scripts' reach, only for TLS where there is TLS, and comes along when GitHub leads back."""
    answer = web.browser().get(web.pages.link, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "secure"} <= set(cookie.split("; "))
    assert answer.headers["location"] == "/connect"


def test_the_form(web: Web) -> None:
    """It goes to GitHub with a state, and with the platform's own addresses, whoever's the App will be."""
    operator = web.operator()
    action, manifest = form(operator.get("/connect").text)
    assert action.startswith("https://github.example/settings/apps/new?state=")
    assert manifest["redirect_url"] == f"{URL}/connect/created"
    action, _ = form(operator.get("/connect?organization=octo%22%3E").text)
    assert action.startswith("https://github.example/organizations/octo%22%3E/settings/apps/new?state=")


def test_from_code_to_app(web: Web) -> None:
    """The App is kept where the platform finds it, its secrets are not shown, and what is left is said."""
    operator = web.operator()
    state = state_of(operator.get("/connect").text)
    answer = operator.get(f"/connect/created?code=good&state={state}")
    assert answer.status_code == 200
    assert "https://github.example/apps/ship/installations/new" in answer.text
    assert "webhook&#39;s" not in answer.text
    kept = read_kept_app(web.data_dir)
    assert kept is not None
    assert kept.webhook_secret == "webhook's"
    assert "installations/new" in operator.get("/connect").text
    assert not [header for header in answer.headers if header.startswith("access-control")]


@pytest.mark.parametrize("query", ["", "code=good", "code=good&state=x", "state=STATE", "code=bad&state=STATE"])
def test_what_does_not_fit(web: Web, query: str) -> None:
    """A wrong state, no code or a code that is spent is said, nothing is kept, and one can begin again."""
    operator = web.operator()
    state = state_of(operator.get("/connect").text)
    answer = operator.get(f"/connect/created?{query.replace('STATE', state)}")
    assert answer.status_code == 400
    assert 'href="/connect"' in answer.text
    assert read_kept_app(web.data_dir) is None
    state = state_of(operator.get("/connect").text)
    assert operator.get(f"/connect/created?code=good&state={state}").status_code == 200


def test_an_app_made_meanwhile(web: Web, make_web: Callable[..., Web]) -> None:
    """Of two who make an App at once the second is told of the first one's, which stays."""
    other = make_web()
    other.github.app_id = 8
    for each, status in ((web, 200), (other, 400)):
        operator = each.operator()
        state = state_of(operator.get("/connect").text)
        answer = operator.get(f"/connect/created?code=good&state={state}")
        assert answer.status_code == status
        kept = read_kept_app(web.data_dir)
        assert kept is not None
        assert kept.app_id == 7
    assert "is there already" in answer.text


def test_a_platform_that_github_cannot_reach(make_web: Callable[..., Web]) -> None:
    """It is explained, and allowed."""
    page = make_web("http://localhost:8787").operator().get("/connect").text
    assert "this machine only" in page
    assert form(page)[1]["hook_attributes"]["active"] is False  # type: ignore[index]


def test_a_platform_that_the_standin_was_used_with(tmp_path: Path) -> None:
    """Before an App is made it is said that the stand-in's projects are in its way; without any, nothing is."""
    with connect_pages(Settings(tmp_path, base_url=URL)) as pages:
        browser = TestClient(Starlette(routes=[*pages.routes(), *pages.assets()]), base_url=URL)
        page = browser.get(pages.link).text
        assert form(page)
        assert "stand-in" not in page
        (tmp_path / "github" / "repositories" / "1.git").mkdir(parents=True)
        assert "projects delete" in browser.get("/connect").text


def test_every_answer_is_guarded(web: Web) -> None:
    """No script runs, no frame shows it, no address leaks, nothing is stored."""
    for browser in (web.browser(), web.operator()):
        headers = browser.get("/connect").headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "strict-origin"
        assert headers["cache-control"] == "no-store"


def test_a_page_for_another_machine(web: Web) -> None:
    """It has the same form, and needs no file beside it."""
    values = form_values(web.desk.plan, "s1", "http://127.0.0.1:1/created")
    page = templates().get_template("standalone.html").render(**values)
    assert parse_qs(urlsplit(form(page)[0]).query) == {"state": ["s1"]}
    assert "<link" not in page
    assert "src=" not in page
