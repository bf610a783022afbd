"""How people in a browser sign in, with the stand-in in GitHub's place."""

from playwright.sync_api import Page


def sign_in(page: Page, url: str, login: str = "me") -> None:
    """Open a page of the platform, sign in because it asks for it, and wait until the page is there."""
    page.goto(url)
    page.get_by_role("button", name="Sign in with GitHub").click()
    page.get_by_label(login, exact=True).check()
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(url if url.count("/") > 2 else f"{url}/")
