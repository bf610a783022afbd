"""The door: who has not signed in sees nothing, and no other site's form does anything."""

from datetime import UTC, datetime, timedelta

import pytest
from front import ADA, COOKIE, URL, Front
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from battleshiper.platform.accounts import sessions
from battleshiper.platform.identity.port import IdentityUnavailableError
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.port import MissingError

OURS = {"origin": URL}


class House:
    """A page, a stream and an action behind the door."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.done: list[dict[str, str]] = []
        self.error: Exception | None = None
        self.entered = front.admit()
        routes = [
            front.door.page("/page", lambda _, viewer: self._show(viewer.account.login)),
            front.door.stream("/stream", lambda _, viewer: self._show(viewer.account.login)),
            front.door.action("/page", lambda _, __, form: self._act(form)),
            *front.assets.routes(),
        ]
        self.app = Starlette(routes=routes)
        self.stranger = TestClient(self.app, follow_redirects=False)
        self.ada = TestClient(self.app, follow_redirects=False, cookies={COOKIE: self.entered.new_cookie or ""})
        self.form = {"form_token": self.entered.session.form_token, "field": "value"}

    def _show(self, text: str) -> PlainTextResponse:
        if self.error is not None:
            raise self.error
        return PlainTextResponse(text)

    def _act(self, form) -> PlainTextResponse:
        self.done.append(dict(form))
        return PlainTextResponse("done")


@pytest.fixture
def house(front: Front) -> House:
    """What is behind the door."""
    return House(front)


def test_strangers_are_led_to_sign_in(house):
    """Pages lead there, and back afterwards; streams say so; forms are lost, as they are nobody's."""
    answer = house.stranger.get("/page?a=1&b=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=%2Fpage%3Fa%3D1%26b%3D2")
    assert house.stranger.get("/stream").status_code == 401
    answer = house.stranger.post("/page", data=house.form, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=%2F")
    assert house.done == []


def test_who_has_signed_in_is_known(house):
    """By the cookie alone."""
    assert house.ada.get("/page").text == house.ada.get("/stream").text == "ada"
    assert house.ada.post("/page", data=house.form, headers=OURS).text == "done"
    assert house.done == [house.form]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://site.testserver"},
        {"origin": "http://testserver:81"},
        {"origin": "https://testserver"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"referer": f"{URL}/page"},
    ],
)
def test_forms_of_other_origins(house, headers):
    """Nothing is done, even where they know the session's token."""
    answer = house.ada.post("/page", data=house.form, headers=headers)
    assert answer.status_code == 403
    assert "did not come from a page of this platform" in answer.text
    assert house.done == []


def test_browsers_that_say_it_otherwise(house):
    """Without an Origin, Sec-Fetch-Site counts."""
    assert house.ada.post("/page", data=house.form, headers={"sec-fetch-site": "same-origin"}).text == "done"


@pytest.mark.parametrize("token", [None, "", "x", "\u2603"])
def test_forms_without_the_token(house, token):
    """Nothing is done."""
    form = {"field": "value"} | ({} if token is None else {"form_token": token})
    assert house.ada.post("/page", data=form, headers=OURS).status_code == 403
    assert house.done == []


def test_another_sessions_token(house):
    """It is another's, even of the same account."""
    other = house.front.admit()
    form = house.form | {"form_token": other.session.form_token}
    assert house.ada.post("/page", data=form, headers=OURS).status_code == 403


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"form_token": "x"}', "application/json"),
        (b"form_token=x", "text/plain"),
        (b"form_token=%ff", "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(600)), "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form(house, content, kind):
    """It is refused with the reason."""
    answer = house.ada.post("/page", content=content, headers={**OURS, "content-type": kind})
    assert answer.status_code == 400
    assert house.done == []


def test_what_is_missing_and_who_cannot_be_asked(house):
    """What one may not see is not there; while GitHub is down there is a page that says so."""
    house.error = MissingError("project", "secret-name")
    answer = house.ada.get("/page")
    assert answer.status_code == 404
    assert "secret-name" not in answer.text
    house.error = IdentityUnavailableError("GitHub did not answer in time.")
    answer = house.ada.get("/page")
    assert answer.status_code == 503
    assert "GitHub did not answer in time." in answer.text


def test_the_cookie_follows_the_session(store):
    """A renewed session's cookie comes with whatever is answered, and no script reads it."""
    now = [datetime.now(UTC)]
    house = House(Front(store, lambda: now[0]))
    assert "set-cookie" not in house.ada.get("/page").headers
    now[0] += timedelta(hours=2)
    kept = house.ada.get("/page").headers["set-cookie"].lower()
    assert kept.startswith(COOKIE)
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert f"max-age={int(sessions.LIFETIME.total_seconds())}" in kept


@pytest.mark.parametrize("method", ["GET", "POST", "forged"])
def test_a_renewed_cookie_is_never_lost(store, method: str) -> None:
    """Whatever the answer is: a browser that was not told of it would be taken for a thief a minute later."""
    now = [datetime.now(UTC)]
    house = House(Front(store, lambda: now[0]))
    now[0] += timedelta(hours=2)
    house.error = MissingError("project", "x") if method == "GET" else None
    headers = OURS if method == "POST" else {}
    asked = house.ada.get("/page") if method == "GET" else house.ada.post("/page", data=house.form, headers=headers)
    assert COOKIE in asked.headers["set-cookie"]
    now[0] += timedelta(minutes=2)
    house.error = None
    assert house.ada.get("/page").text == "ada"


def test_too_many_forms(house) -> None:
    """They are turned away, and do nothing."""
    answers = [house.ada.post("/page", data=house.form, headers=OURS) for _ in range(202)]
    assert (answers[199].text, answers[-1].status_code) == ("done", 429)
    assert "Wait a little" in answers[-1].text
    assert len(house.done) < 202


def test_with_https_the_cookie_is_bound_to_the_host(store):
    """By its name, which browsers hold to."""
    front = Front(store, lambda: datetime.now(UTC), "https://ship.example")
    answer = PlainTextResponse()
    front.door.keep(answer, front.admit())
    kept = answer.headers["set-cookie"]
    assert kept.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in kept
    assert "domain" not in kept.lower()


def test_a_role_that_was_taken_is_gone_at_once(house, store):
    """The account is read for each request."""
    app = Starlette(routes=[house.front.door.page("/", lambda _, viewer: PlainTextResponse(str(viewer.account.roles)))])
    browser = TestClient(app, cookies=dict(house.ada.cookies))
    store.set_roles(ADA.id, {Role.SUPPORT})
    assert "SUPPORT" in browser.get("/").text
    store.set_roles(ADA.id, ())
    assert "SUPPORT" not in browser.get("/").text
