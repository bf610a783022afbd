"""Signing in with a browser: the owner, somebody whom GitHub lets see nothing, and who administers the platform."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from e2e.chromium import NEEDS_CHROMIUM
from e2e.harness import Platform
from e2e.signing_in import sign_in
from playwright.sync_api import Browser, Page, expect

from battleshiper.infra.local.github.person import Person

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages that share nothing, each as somebody's browser."""
    contexts = []

    def open_page(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def deployment(platform: Platform) -> dict[str, Any]:
    """A deployment of a private repository of the owner's."""
    checkout = platform.checkout("walled", "plain-html")
    platform.ready(checkout)
    running = platform.running
    owner = Person.owner(running.github.url, running.settings.data_dir / "github")
    owner.set_private("me/walled", private=True)
    return platform.started(checkout.git("rev-parse", "HEAD"))


def test_the_owner_follows_a_link(platform: Platform, deployment, open_page) -> None:
    """From a link to a deployment through GitHub to that deployment, and out again; without JavaScript."""
    page = open_page(java_script_enabled=False)
    url = f"{platform.running.base_url}/deployments/{deployment['id']}"
    sign_in(page, url)
    expect(page.locator(".state").first).to_have_text("ready")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with GitHub")).to_be_visible()
    page.goto(url)
    expect(page.get_by_role("button", name="Sign in with GitHub")).to_be_visible()


def test_somebody_else_sees_nothing(platform: Platform, deployment, open_page) -> None:
    """What GitHub does not let them see is answered as what is not there."""
    running = platform.running
    Person.other(running.github.url, "eve")
    page = open_page()
    sign_in(page, running.base_url, "eve")
    expect(page.get_by_text("walled")).to_have_count(0)
    answer = page.goto(f"{running.base_url}/deployments/{deployment['id']}")
    absent = page.goto(f"{running.base_url}/deployments/0000000000")
    assert answer is not None
    assert absent is not None
    assert (answer.status, absent.status) == (404, 404)


def test_denied_at_github(platform: Platform, open_page) -> None:
    """Who does not agree is told that nothing happened, and may begin again."""
    page = open_page()
    page.goto(platform.running.base_url)
    page.get_by_role("button", name="Sign in with GitHub").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="You did not sign in")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign in with GitHub")).to_be_visible()


def test_the_first_administrator(platform: Platform, open_page) -> None:
    """The link that the start prints makes one administrator, by two clicks, and nobody after that."""
    url = platform.running.invitation_url
    assert url is not None
    page = open_page()
    sign_in(page, url)
    page.get_by_role("button", name="Become an administrator as me").click()
    page.wait_for_url(f"{platform.running.base_url}/")
    Person.other(platform.running.github.url, "mallory")
    other = open_page()
    sign_in(other, url, "mallory")
    other.get_by_role("button", name="Become an administrator as mallory").click()
    expect(other.get_by_role("heading", name="Not any more")).to_be_visible()
