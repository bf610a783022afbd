"""The page on which people make tokens: shown once, ended at once, mistakes told with what was typed."""

import re
from datetime import timedelta

import pytest
from front import ADA, BOB, COOKIE, URL, Front
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.web.token_pages import TokenPages


class Page:
    """The page as somebody's browser has it."""

    def __init__(self, front: Front, store, identity=ADA) -> None:
        entered = front.admit(identity)
        pages = TokenPages(front.tokens, store, front.door, front.renderer)
        app = Starlette(routes=[*pages.routes(), *front.assets.routes()])
        self.client = TestClient(app, cookies={COOKIE: entered.new_cookie or ""})
        self.form = {"form_token": entered.session.form_token}

    def post(self, path: str, **fields: str):
        """Send a form of the page."""
        return self.client.post(path, data=self.form | fields, headers={"origin": URL})


@pytest.fixture
def page(front: Front, store) -> Page:
    """Ada's."""
    return Page(front, store)


def test_a_token_is_shown_once(page: Page, front: Front) -> None:
    """And listed by its name from then on."""
    made = page.post("/tokens", name="laptop", days="30", **{"scope-read": "on", "scope-write": "on"})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    text = re.search(r"bship_\w+", made.text)[0]
    token, account = front.tokens.recognise(text)
    assert (token.name, token.scopes, account.id) == ("laptop", {Scope.READ, Scope.WRITE}, ADA.id)
    listed = page.client.get("/tokens").text
    assert "laptop" in listed
    assert "bship_" not in listed
    ended = page.post(f"/tokens/{token.id}/end")
    assert ended.status_code == 200
    assert "laptop" not in ended.text
    assert front.tokens.recognise(text) is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "", "scope-read": "on", "days": "30"}, "The name must say"),
        ({"name": "la<b>p", "days": "30"}, "Choose at least one scope"),
        ({"name": "la<b>p", "scope-read": "on", "days": "9999999999"}, "lives up to 366 days"),
        ({"name": "la<b>p", "scope-read": "on"}, "lives up to 366 days"),
    ],
)
def test_a_mistake_keeps_what_was_typed(page: Page, fields, why) -> None:
    """With the rule beside it."""
    answer = page.post("/tokens", **fields)
    assert answer.status_code == 400
    assert why in answer.text
    assert "<b>p" not in answer.text
    assert ("la&lt;b&gt;p" in answer.text) == (fields["name"] != "")
    assert "bship_" not in answer.text


def test_another_ones_token(page: Page, front: Front, store) -> None:
    """Nobody ends it but its owner."""
    token, text = front.tokens.issue(ADA.id, "mine", [Scope.READ], timedelta(days=1))
    other = Page(front, store, BOB)
    assert other.post(f"/tokens/{token.id}/end").status_code == 200
    assert front.tokens.recognise(text) is not None
    assert "mine" not in other.client.get("/tokens").text
