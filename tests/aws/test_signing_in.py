"""Signing in on AWS: through the distribution, by functions that remember nothing, with everything in the table."""

import html
import re
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.emulator]


class Browser:
    """A browser without JavaScript that keeps cookies and sends forms as browsers do."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=60, follow_redirects=True)
        self.page = httpx.Response(204)

    def open(self, path: str) -> str:
        """Open an address, and return what is there in the end."""
        self.page = self._http.get(path)
        return self.page.text

    def press(self, button: str, **fields: str) -> str:
        """Send the form whose button says `button`, and follow where it leads."""
        forms = re.findall(r"(?s)<form.*?</form>", self.page.text)
        (form,) = (each for each in forms if button in each)
        action = html.unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
        hidden = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form))
        given = {name: html.unescape(value) for name, value in hidden.items()} | fields
        url = self.page.url
        origin = f"{url.scheme}://{url.netloc.decode()}"
        self.page = self._http.post(url.join(action), data=given, headers={"origin": origin})
        led_to = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', self.page.text)
        return self.open(html.unescape(led_to[1])) if led_to else self.page.text

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


@pytest.fixture
def browser(platform: Any):
    """Somebody's browser at the platform."""
    made = Browser(platform.url)
    yield made
    made.close()


def test_from_an_invitation_to_the_audit_log(platform: Any, browser: Browser) -> None:
    """Who opens the operator's link signs in, administers the platform, sees their projects, and is out again."""
    invitation = platform.http.post("/api/v1/invitations").raise_for_status().json()["url"]
    assert "Sign in with GitHub" in browser.open(invitation)
    assert "Authorize" in browser.press("Sign in with GitHub")
    assert "Become an administrator as me" in browser.press("Authorize", login="me", action="authorize")
    assert "Projects" in browser.press("Become an administrator")
    assert "invitation.accept" in browser.open("/audit")
    browser.press("Sign out")
    assert "Sign in with GitHub" in browser.open("/audit")
