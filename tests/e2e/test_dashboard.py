"""The dashboard in a real browser, wide and as a phone: usable by everybody, with JavaScript and without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dashboard_scene import Scene
from e2e.chromium import NEEDS_CHROMIUM
from front import COOKIE
from npm_package import bring
from playwright.sync_api import Browser, BrowserContext, Page, expect

from battleshiper.infra.local.serving import Listener
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.source.port import Head, Repository

pytestmark = NEEDS_CHROMIUM
_WIDTHS = (1280, 390, 360)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SITE = (("function.zip", 800_000), ("client/app.js", 30_000), ("prerendered/about.html", 900))
_LONG = "Warm-the-cache-of-tide-tables-before-the-first-visitor-of-the-day-asks-for-them-and-" * 3


class Harbour:
    """The scene, served."""

    def __init__(self, folder: Path, lines: int = 20) -> None:
        self._listener = Listener("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.port}"
        self.scene = scene = Scene(folder, self.url)
        site = self.site = scene.add_project("harbour")
        scene.add_project("empty")
        self.first = scene.add_deployment(site, State.READY, files=_SITE, routes=("/blog/[slug]",), message="First")
        self.second = scene.add_deployment(site, State.READY, files=_SITE, routes=("/blog/[slug]",), message="Second")
        self.failed = scene.add_deployment(site, State.FAILED, branch=_LONG[:200], reason=_LONG, message=_LONG)
        self.fork = scene.add_deployment(site, State.AWAITING_APPROVAL, branch=outside_branch(3), reason="A fork's.")
        self.building = scene.add_deployment(site, State.BUILDING, branch="idea")
        for number in range(lines):
            scene.logs.append(self.first.id, LogKind.BUILD, f"line {number} {_LONG if number % 50 == 0 else ''}")
        scene.logs.append(self.second.id, LogKind.SERVER, "GET / 200")
        scene.variables.set("harbour", "API_URL", "production", "x")
        scene.services.aliasing.hold(site, "quay", "idea")
        scene.services.hooks.add(site, "Tide tables")
        scene.store.keep_subscription(Subscription("default", {Limit.DAILY_BUILDS: 100, Limit.ALIASES: 5}))
        decisions = (Decision(Verdict.BUILD, _LONG, site.id, self.first.id),)
        scene.store.accept(Delivery("6a2f", "push", "me/harbour", scene.now, decisions))
        repository = site.repository_id
        scene.source.repositories[repository] = Repository("me/harbour", "main", Head("a" * 40, "First", "ada"))
        scene.source.texts = {"docs/index.html": "", "apps/web/index.html": ""}
        scene.front.provider.names[repository] = "me/harbour"
        self.paths = (
            "/",
            "/projects/harbour",
            "/projects/empty",
            "/projects/harbour/logs",
            "/projects/harbour/settings",
            "/projects/harbour/usage",
            "/projects/harbour/aliases",
            "/projects/harbour/hooks",
            "/new",
            "/new?repository=me/harbour&root=docs",
            f"/deployments/{self.first.id}",
            f"/deployments/{self.first.id}/files",
            f"/deployments/{self.failed.id}",
            f"/deployments/{self.fork.id}",
            f"/deployments/{self.building.id}",
            "/tokens",
            "/users",
            f"/users/{scene.entered.account.id}",
            "/audit",
            "/all-projects",
            "/subscriptions?name=default",
            "/deliveries",
            "/work",
            "/projects/nothing",
        )
        self._listener.serve(scene.app)

    def browse(self, browser: Browser, **options: Any) -> BrowserContext:
        """Return a browser in which the person has signed in."""
        context = browser.new_context(base_url=self.url, **options)
        context.add_cookies([{"name": COOKIE, "value": self.scene.cookie, "url": self.url}])
        return context

    def close(self) -> None:
        """Stop."""
        self._listener.close()
        self.scene.close()


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Harbour]:
    made = Harbour(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def moored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    """One harbour for those that only look, with much to look at and everything that a role adds."""
    made = Harbour(tmp_path_factory.mktemp("moored"), lines=900)
    made.scene.store.set_roles(made.scene.entered.account.id, list(Role))
    yield made
    made.close()


@pytest.fixture
def page(browser: Browser, harbour: Harbour) -> Iterator[Page]:
    context = harbour.browse(browser)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert faults == []


@pytest.mark.registry
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", _WIDTHS[:2])
def test_axe_finds_nothing(browser: Browser, moored: Harbour, scheme: str, width: int) -> None:
    """No page has a fault that axe knows: of contrast, of names, of order."""
    (axe,) = bring(Path(__file__).parent / "accessibility", "axe-core/axe.min.js")
    context = moored.browse(
        browser,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    )
    page = context.new_page()
    found = {}
    for path in moored.paths:
        page.goto(path)
        expect(page.get_by_text("Sign out", exact=True)).to_be_visible()
        page.evaluate(axe.read_text())
        result = page.evaluate("rules => axe.run({runOnly: rules})", _RULES)
        for fault in result["violations"]:
            found[f"{path} {fault['id']}"] = [node["html"] for node in fault["nodes"]]
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", _WIDTHS)
def test_no_page_is_wider_than_the_screen(browser: Browser, moored: Harbour, width: int) -> None:
    """Nothing has to be scrolled sideways, however long the texts are, and with everything that a role adds."""
    context = moored.browse(browser, viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in moored.paths:
        page.goto(path)
        expect(page.get_by_text("Sign out", exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_the_first_load_is_light(browser: Browser, moored: Harbour) -> None:
    """Each page and all that it loads is at most 100 KB, and comes from the platform alone."""
    for path in moored.paths[:-1]:
        bodies: dict[str, int] = {}
        context = moored.browse(browser)
        fresh = context.new_page()
        fresh.on(
            "response",
            lambda answer, bodies=bodies: "/events" in answer.url or bodies.update({answer.url: len(answer.body())}),
        )
        fresh.goto(path, wait_until="load")
        assert sum(bodies.values()) <= 100_000, bodies
        assert all(url.startswith(moored.url) for url in bodies)
        context.close()


def test_the_keyboard_is_enough(harbour: Harbour, page: Page) -> None:
    """The first stop leads past the header; a card and a tab are reached and opened without a mouse."""
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="harbour", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="harbour")).to_be_visible()
    page.get_by_role("link", name="Settings").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Environment variables")).to_be_visible()


def test_a_log_grows_and_is_searched(harbour: Harbour, page: Page) -> None:
    """New lines come by themselves, the search narrows them as one types, and the end is shown without a hand."""
    page.goto(f"/deployments/{harbour.building.id}")
    harbour.scene.logs.append(harbour.building.id, LogKind.BUILD, "a new <b>line</b>")
    expect(page.locator("#log")).to_contain_text("a new <b>line</b>")
    page.get_by_label("Search the log").fill("NEW")
    expect(page.locator("#log li:visible")).to_have_count(1)
    page.get_by_label("Search the log").fill("")
    harbour.scene.operations.cancel("harbour", harbour.building.id)
    expect(page.locator(".state")).to_have_text("canceled")


def test_a_link_to_a_line(browser: Browser, moored: Harbour) -> None:
    """It leads to its line, wherever in the log that is."""
    context = moored.browse(browser)
    page = context.new_page()
    page.goto(f"/deployments/{moored.first.id}#L800")
    expect(page.locator("#L800")).to_be_in_viewport()
    page.goto("about:blank")
    page.goto(f"/deployments/{moored.first.id}#L12")
    expect(page.locator("#L12")).to_be_in_viewport()
    expect(page.locator("#L12")).to_contain_text("line 9")
    context.close()


def test_a_project_is_shown_as_it_is_now(harbour: Harbour, page: Page) -> None:
    """A page that is open follows what happens."""
    page.goto("/projects/harbour")
    expect(page.locator(".deployment .state").first).to_have_text("building")
    harbour.scene.operations.cancel("harbour", harbour.building.id)
    expect(page.locator(".deployment .state").first).to_have_text("canceled", timeout=10_000)


@pytest.mark.parametrize("width", _WIDTHS[:2])
@pytest.mark.parametrize("javascript", [True, False])
def test_roll_back_and_promote(browser: Browser, harbour: Harbour, width: int, javascript: bool) -> None:
    """From the overview to the project, back to what was live, and forth again: with JavaScript and without."""
    context = harbour.browse(browser, java_script_enabled=javascript, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="harbour", exact=True).click()
    production = page.locator(".production")
    expect(production).to_contain_text("Second")
    page.get_by_role("button", name="Roll back to the one before").click()
    expect(page.get_by_role("status")).to_have_text("Production shows this earlier deployment again.")
    expect(production).to_contain_text("Shown again: #2 was live after it.")
    page.get_by_role("link", name="Second").first.click()
    page.get_by_role("button", name="Promote to production").click()
    expect(page.get_by_text("in production")).to_be_visible()
    context.close()


def test_a_wrong_variable_and_a_right_one(harbour: Harbour, page: Page) -> None:
    """What is wrong is said beside the field, which is chosen; what was typed needs not be typed again."""
    page.goto("/projects/harbour/settings")
    page.get_by_label("Name").fill("API KEY")
    page.get_by_label("Value").fill("secret")
    page.get_by_role("button", name="Set the variable").click()
    expect(page.get_by_role("alert")).to_contain_text("no digit first")
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Value")).to_have_value("secret")
    page.get_by_label("Name").fill("API_KEY")
    page.get_by_role("button", name="Set the variable").click()
    expect(page.get_by_role("status")).to_contain_text("The next deployment gets it")
    expect(page.get_by_role("cell", name="API_KEY", exact=True)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("secret")
