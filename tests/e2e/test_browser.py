"""What a person sees in a real browser: GitHub's page, the site, the log."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from e2e.chromium import NEEDS_CHROMIUM
from e2e.signing_in import sign_in
from playwright.sync_api import Browser, Page, expect

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="module")
def deployment(platform) -> dict[str, Any]:
    """A SvelteKit app that is live, and reported."""
    found = platform.deploy(platform.checkout("seen", "sveltekit3"))
    assert found["state"] == "ready", platform.log(found)
    platform.shown("seen", found["sha"], "success")
    return found


@pytest.fixture
def me(platform, page: Page) -> Page:
    """The same page of somebody who has signed in."""
    sign_in(page, platform.running.base_url)
    return page


def test_from_github_to_the_site(platform, deployment, page: Page) -> None:
    """The repository's page shows the commit as deployed and leads to the site, which is alive."""
    page.goto(f"{platform.running.standin_url}/me/seen")
    expect(page.get_by_text("battleshiper/seen").first).to_be_attached()
    page.get_by_role("link", name="View deployment").first.click()
    expect(page).to_have_url(re.compile(re.escape(deployment["url"])))
    expect(page.locator("h1")).to_be_visible()


def test_form_action(deployment, page: Page) -> None:
    """The site's form works in the browser, hydrated, without the CSRF check in the way."""
    page.goto(f"{deployment['url']}/form")
    page.get_by_label("name").fill("Ada")
    page.get_by_role("button", name="greet").click()
    expect(page.locator("#answer")).to_have_text("Hello Ada")


def test_form_action_without_javascript(deployment, browser: Browser) -> None:
    """The same form works without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{deployment['url']}/form")
    page.get_by_label("name").fill("Ada")
    page.get_by_role("button", name="greet").click()
    expect(page.locator("#answer")).to_have_text("Hello Ada")
    context.close()


def test_log_page(platform, deployment, me: Page) -> None:
    """The deployment's page shows its state, its site and its log."""
    me.goto(f"{platform.running.base_url}/deployments/{deployment['id']}")
    expect(me.locator(".state")).to_have_text("ready")
    expect(me.get_by_role("link", name=deployment["url"])).to_be_visible()
    expect(me.locator("#log li").first).to_be_visible()


def test_live_log(platform, me: Page) -> None:
    """While a build runs its log grows by itself, and the page shows the end without being reloaded by hand."""
    checkout = platform.checkout("watched")
    script = "echo watching; sleep 3; mkdir dist; echo x > dist/index.html; echo almost"
    (checkout.folder / "package.json").write_text(f'{{"name":"x","private":true,"scripts":{{"build":"{script}"}}}}')
    checkout.commit()
    sha = checkout.push()
    url = f"{platform.running.base_url}/deployments/"
    me.goto(url + platform.started(sha)["id"])
    expect(me.locator("#log")).to_contain_text("watching", timeout=60_000)
    expect(me.locator(".state")).to_have_text("ready", timeout=60_000)
    expect(me.locator("#log")).to_contain_text("almost")


def test_missing_site(platform, page: Page) -> None:
    """An address where nothing is says so."""
    answer = page.goto(f"http://nobody.localhost:{platform.running.settings.port}/")
    assert answer is not None
    assert answer.status == 404
