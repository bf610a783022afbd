"""Signing in: the way to GitHub and back, and every way in which it goes wrong."""

from urllib.parse import parse_qs, urlsplit

import pytest
from front import COOKIE, URL, Front
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from battleshiper.platform.identity.port import (
    IdentityMisconfiguredError,
    IdentityRefusedError,
    IdentityUnavailableError,
)
from battleshiper.platform.web import sign_in
from battleshiper.platform.web.sign_in import SignInPages

OURS = {"origin": URL}


class Browser:
    """A browser at the platform."""

    def __init__(self, front: Front, url: str = URL) -> None:
        pages = SignInPages(front.entrance, front.door, front.renderer, URL)
        here = front.door.page("/", lambda _, viewer: PlainTextResponse(viewer.account.login))
        routes = [*pages.routes(), here, *front.assets.routes()]
        self.client = TestClient(Starlette(routes=routes), base_url=url, follow_redirects=False)

    def begin(self, to: str = "/") -> str:
        """Press the button, and return the state that GitHub was told."""
        answer = self.client.post("/sign-in", data={"to": to}, headers=OURS)
        assert answer.status_code == 303
        return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]

    def come_back(self, **given: str):
        """Return as GitHub leads."""
        return self.client.get("/sign-in/callback", params=given)


@pytest.fixture
def browser(front: Front) -> Browser:
    """Somebody's browser."""
    return Browser(front)


def test_the_way_in_and_out(front, browser):
    """By the button to GitHub, back to where one wanted to be, and out again."""
    assert browser.client.get("/").headers["location"] == "/sign-in?to=%2F"
    page = browser.client.get("/sign-in?to=/deployments/x")
    assert 'value="/deployments/x"' in page.text
    assert "Sign in with GitHub" in page.text
    state = browser.begin("/deployments/x")
    answer = browser.come_back(state=state, code="ada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/deployments/x")
    assert browser.client.get("/").text == "ada"
    assert browser.client.get("/sign-in?to=/there").headers["location"] == "/there"
    entered = front.desk.enter(browser.client.cookies[COOKIE])
    form = {"form_token": entered.session.form_token}
    assert browser.client.post("/sign-out", data=form, headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.client.post("/sign-out", data=form, headers=OURS).headers["location"] == "/sign-in"
    assert COOKIE not in browser.client.cookies
    assert browser.client.get("/").status_code == 303
    assert front.provider.revoked == []


def test_signing_out_everywhere(front, browser):
    """All browsers are out, and GitHub forgets our token."""
    browser.come_back(state=browser.begin(), code="ada")
    other = front.admit()
    entered = front.desk.enter(browser.client.cookies[COOKIE])
    form = {"form_token": entered.session.form_token, "everywhere": "yes"}
    browser.client.post("/sign-out", data=form, headers=OURS)
    assert front.desk.enter(other.new_cookie) is None
    assert len(front.provider.revoked) == 1


def test_another_session_begins(front, browser):
    """What a browser had before ends when somebody signs in with it."""
    browser.come_back(state=browser.begin(), code="ada")
    before = browser.client.cookies[COOKIE]
    browser.come_back(state=browser.begin(), code="bob")
    assert browser.client.get("/").text == "bob"
    assert front.desk.enter(before) is None


@pytest.mark.parametrize("state", [None, "", "made-up", "\u2603"])
def test_a_state_that_is_not_ours(front, browser, state):
    """Nobody is signed in, and the code is not even tried."""
    browser.begin()
    answer = browser.come_back(code="ada", **({} if state is None else {"state": state}))
    assert answer.status_code == 400
    assert "This is not the sign-in you began" in answer.text
    assert "ada" in front.provider.codes
    assert COOKIE not in browser.client.cookies


def test_a_state_of_another_browser(front, browser):
    """What an attacker began does not sign their victim in as them."""
    attacker = Browser(front)
    answer = browser.come_back(state=attacker.begin(), code="bob")
    assert "This is not the sign-in you began" in answer.text
    browser.begin()
    assert "This is not the sign-in you began" in browser.come_back(state=attacker.begin(), code="bob").text


def test_a_state_is_good_once(browser):
    """The back button, or somebody who has read the address, gets nowhere."""
    state = browser.begin()
    assert browser.come_back(state=state, code="ada").status_code == 303
    assert browser.come_back(state=state, code="bob").status_code == 400
    assert browser.client.get("/").text == "ada"


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        ("access_denied", 403, "You did not sign in"),
        ("application_suspended", 403, "The App is suspended"),
        ("redirect_uri_mismatch", 500, "do not name this callback URL"),
        ("<b>new</b>", 400, "&lt;b&gt;new&lt;/b&gt;"),
    ],
)
def test_what_github_says_instead(browser, error, status, text):
    """Each answer has a page of its own, and the attempt is over."""
    state = browser.begin()
    answer = browser.come_back(state=state, error=error)
    assert answer.status_code == status
    assert text in answer.text
    assert browser.come_back(state=state, code="ada").status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (IdentityRefusedError("GitHub says bad_verification_code."), 400, "GitHub does not know this code"),
        (IdentityUnavailableError("GitHub answered 502."), 503, "GitHub cannot be asked"),
        (IdentityMisconfiguredError("incorrect_client_credentials"), 500, "Signing in is not set up"),
    ],
)
def test_what_goes_wrong_behind_it(front, browser, error, status, text):
    """The page says whose turn it is, and one can begin again."""
    state = browser.begin()
    front.provider.error = error
    answer = browser.come_back(state=state, code="ada")
    assert answer.status_code == status
    assert text in answer.text
    assert str(error) in answer.text
    assert 'href="/sign-in"' in answer.text
    front.provider.error = None
    assert browser.come_back(state=browser.begin(), code="ada").status_code == 303


def test_an_app_without_a_client_secret(front, browser):
    """The button leads to what the operator has to do."""

    def fail(*_: str) -> str:
        raise IdentityMisconfiguredError("Set BATTLESHIPER_GITHUB_CLIENT_SECRET.")

    front.provider.authorize_url = fail
    answer = browser.client.post("/sign-in", data={"to": "/"}, headers=OURS)
    assert answer.status_code == 500
    assert "Set BATTLESHIPER_GITHUB_CLIENT_SECRET." in answer.text


def test_other_sites_do_not_begin(browser):
    """A page elsewhere cannot send its visitors through the sign-in."""
    for headers in ({}, {"origin": "https://evil.example"}):
        assert browser.client.post("/sign-in", data={"to": "/"}, headers=headers).status_code == 403
    assert browser.client.post("/sign-in", json={}, headers=OURS).status_code == 400


def test_by_another_name(front):
    """Who comes by another address of ours goes on at the one that GitHub leads back to."""
    browser = Browser(front, "http://127.0.0.1")
    answer = browser.client.get("/sign-in?to=/x")
    assert answer.headers["location"] == f"{URL}/sign-in?to=/x&here=1"
    assert browser.client.get("/sign-in?to=/x&here=1").status_code == 200


@given(st.one_of(st.text(max_size=60), st.from_regex(r"[/\\]{0,3}[a-z:.@]{0,9}[/\\]{0,2}[a-z.]{0,9}", fullmatch=True)))
def test_nobody_is_led_elsewhere(to):
    """Wherever a link here says, it ends on a path of ours."""
    way = sign_in._way(to)
    parts = urlsplit(f"{URL}{way}")
    assert way.startswith("/")
    assert (parts.hostname, parts.scheme) == ("testserver", "http")
    assert not way.startswith(("//", "/\\"))


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=200))
def test_an_attempts_cookie_may_be_anything(cookie):
    """It is the browser's to send."""
    assert len(sign_in._read(cookie)) == 3
