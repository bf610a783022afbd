"""The pages in a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

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


def test_somebody_lets_the_app_act(page: Page, ada: Any, client: Any) -> None:
    """By clicking alone: who one is, yes, and back to the App, which is another site."""
    callback = client.standin.hook.url.replace("127.0.0.1", "localhost")
    client.standin.stop()
    client.standin.options = {"callback_urls": (callback,)}
    client.standin.start()
    page.route(f"{callback}*", lambda route: route.fulfill(body="<h1>Back</h1>", content_type="text/html"))
    page.goto(f"{client.standin.url}/login/oauth/authorize?client_id={client.ID}&state=s")
    page.get_by_label("ada").check()
    page.get_by_role("button", name="Authorize Battleshiper").click()
    expect(page.get_by_role("heading", name="Back")).to_be_visible()
    query = dict(parse_qsl(urlsplit(page.url).query))
    assert query["state"] == "s"
    token = client.exchange(code=query["code"])["access_token"]
    assert client.api(token).get("/user")["login"] == "ada"


def test_somebody_connects_a_device(page: Page, client: Any) -> None:
    """The code is entered as it is shown, in small letters."""
    begun = client.ask("/login/device/code")
    page.goto(begun["verification_uri"])
    page.get_by_label("Code").fill(begun["user_code"].lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Authorize Battleshiper").click()
    expect(page.get_by_role("heading", name="All set")).to_be_visible()
