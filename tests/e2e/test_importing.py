"""A new project by the dashboard, as its owner makes it: signed in, chosen, imported, followed and opened."""

import pytest
from e2e.chromium import NEEDS_CHROMIUM
from e2e.harness import Platform, until
from e2e.signing_in import sign_in
from playwright.sync_api import Browser, expect

pytestmark = NEEDS_CHROMIUM


@pytest.mark.parametrize(("width", "folder"), [(1280, "manual"), (390, "shop")])
def test_from_a_repository_to_a_site(platform: Platform, browser: Browser, width: int, folder: str) -> None:
    """A folder is found and imported by a click; its build is followed, its site opened, and an alias added."""
    checkout = platform.checkout(f"fleet-{folder}")
    for place in ("", folder):
        (checkout.folder / place).mkdir(exist_ok=True)
        (checkout.folder / place / "index.html").write_text(f"<h1>{place or 'top'}</h1>")
    platform.ready(checkout)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, platform.running.base_url)
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Search").fill(f"fleet-{folder}")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=f"Choose me/fleet-{folder}").click()
    expect(page.get_by_text("already. Choose another folder")).to_be_visible()
    page.get_by_role("link", name=folder, exact=True).click()
    expect(page.get_by_text("Plain files")).to_be_visible()
    page.get_by_role("button", name=f"Import me/fleet-{folder}").click()
    expect(page.get_by_role("status")).to_contain_text("is being built now")
    expect(page.locator(".deployment .state").first).to_have_text("ready", timeout=60_000)
    name = f"fleet-{folder}-{folder}"
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    until(lambda: platform.site(f"http://{name}.localhost").get("/").text == f"<h1>{folder}</h1>")
    page.get_by_role("link", name="Aliases").click()
    page.get_by_label("Alias", exact=True).fill(f"sale-{folder}")
    page.get_by_role("button", name="Add the alias").click()
    expect(page.get_by_role("status")).to_contain_text("The alias is held")
    assert platform.site(f"http://sale-{folder}.localhost").get("/").text == f"<h1>{folder}</h1>"
    context.close()
