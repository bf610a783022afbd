"""The pages in a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def page() -> Iterator[Page]:
    """Return a page that nothing may go wrong in."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        yield page
        browser.close()
    assert wrong == []


def test_an_open_page_follows_what_happens(page: Page, person: Any, installation: Any, standin: Any) -> None:
    """A push and its checks appear by themselves, but not under somebody's hands."""
    sha = person.commit("a", "a", "Set sail")
    person.push("main")
    page.goto(f"{standin.url}/me/site")
    expect(page.locator("li.commit")).to_have_count(1)
    status = {"state": "pending", "context": "battleshiper/site", "target_url": "http://log.localhost/"}
    installation.post(f"/repos/me/site/statuses/{sha}", status)
    expect(page.get_by_role("img", name="pending")).to_be_visible(timeout=10_000)
    page.locator("li.commit summary").click()
    expect(page.get_by_role("link", name="Details")).to_have_attribute("href", "http://log.localhost/")
    installation.post(f"/repos/me/site/statuses/{sha}", {**status, "state": "success"})
    page.wait_for_timeout(1500)
    expect(page.get_by_role("link", name="Details")).to_be_visible()
    page.locator("li.commit summary").click()
    expect(page.get_by_role("img", name="success").first).to_be_visible(timeout=10_000)
    person.commit("a", "b", "Hoist the flag")
    person.push("main")
    expect(page.locator("li.commit")).to_have_count(2, timeout=10_000)


def test_a_pull_request_goes_from_branch_to_merge(page: Page, person: Any, standin: Any) -> None:
    """By clicking alone, with the guard and the content policy in force."""
    person.commit("a", "a")
    person.push("main", "main:topic")
    person.commit("b", "b", "More sail")
    person.push("main:topic")
    page.goto(f"{standin.url}/me/site/tree/topic")
    page.get_by_role("link", name="New pull request").click()
    page.get_by_role("button", name="Create pull request").click()
    page.get_by_label("Add a comment").fill("**Aye** <img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".markdown strong")).to_have_text("Aye")
    page.get_by_role("button", name="Merge pull request").click()
    expect(page.locator(".badge.merged")).to_be_visible()
    assert page.locator("main img").count() == 0
