"""Somebody lets the App act for them in a browser: the page, the code, and what it is exchanged for."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

CALLBACK = "https://ship.example.org/signed-in"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def test_consent_leads_back_with_a_code_that_opens_the_account(client: Any, ada: Any) -> None:
    """The page names the App and where one goes on to; the state comes back as it was sent."""
    page = client.visit(state="a&b=ü", login="ADA")
    for shown in ("Authorize Battleshiper", "https://ship.example.org", 'value="ada" checked', "deployments: write"):
        assert shown in page.text
    answer = client.press(page, "authorize", "ada")
    assert answer.headers["cache-control"] == "no-store"
    to = client.authorize("ada", state="a&b=ü")
    assert to["state"] == "a&b=ü"
    tokens = client.exchange(code=to["code"])
    assert tokens["access_token"].startswith("ghu_")
    assert tokens["refresh_token"].startswith("ghr_")
    assert (tokens["expires_in"], tokens["refresh_token_expires_in"]) == (28_800, 15_897_600)
    assert (tokens["scope"], tokens["token_type"]) == ("", "bearer")
    user = client.api(tokens["access_token"]).get("/user")
    assert (user["login"], user["id"]) == ("ada", ada.id)


def test_whoever_cancels_is_led_back_without_a_code(client: Any) -> None:
    """And the App is told why, and which of its requests it was."""
    answer = client.press(client.visit(state="s"), "cancel")
    query = dict(parse_qsl(urlsplit(client.led_to(answer)).query))
    assert (query["error"], query["state"]) == ("access_denied", "s")
    assert "code" not in query


def test_one_goes_to_the_callback_url_that_was_asked_for(client: Any) -> None:
    """It is one of the App's, taken letter by letter, and keeps its own query."""
    other = f"{CALLBACK}/other?from=github"
    to = urlsplit(client.led_to(client.press(client.visit(redirect_uri=other), "authorize")))
    assert (to.path, dict(parse_qsl(to.query))["from"]) == ("/signed-in/other", "github")
    code = dict(parse_qsl(to.query))["code"]
    assert client.exchange(code=code, redirect_uri=CALLBACK)["error"] == "redirect_uri_mismatch"
    code = client.authorize(redirect_uri=other)["code"]
    assert "access_token" in client.exchange(code=code, redirect_uri=other)


@pytest.mark.parametrize(
    "query",
    [
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?next=/"},
        {"redirect_uri": "https://ship.example.org.evil.example/signed-in"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "Iv1.other"},
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
        {"code_challenge": CHALLENGE},
        {"code_challenge_method": "S256"},
    ],
)
def test_requests_that_make_no_sense_lead_nowhere(client: Any, standin: Any, query: dict[str, str]) -> None:
    """Neither at first, nor when the form is sent without the page."""
    path, given = f"{standin.url}/login/oauth/authorize", {"client_id": client.ID, **query}
    for answer in (
        httpx.get(path, params=given),
        httpx.post(path, data={**given, "login": "me", "action": "authorize"}),
    ):
        assert answer.status_code == 422
        assert 'http-equiv="refresh"' not in answer.text
        assert "<form" not in answer.text


def test_an_app_without_callback_urls_or_secret_signs_nobody_in(make_standin: Callable[..., Any], openapi: Any) -> None:
    """The page says so; without a secret no code is exchanged, whatever is sent for it."""
    standin = make_standin(callback_urls=())
    assert "no callback URL" in httpx.get(f"{standin.url}/login/oauth/authorize?client_id=Iv1.battleshiper").text
    standin.stop()
    standin.options = {"client_secret_digest": ""}
    standin.start()
    for secret in ("", "secret"):
        form = {"client_id": "Iv1.battleshiper", "client_secret": secret, "code": "x"}
        answer = httpx.post(
            f"{standin.url}/login/oauth/access_token", data=form, headers={"Accept": "application/json"}
        )
        assert answer.json()["error"] == "incorrect_client_credentials"


def test_a_code_is_good_once_and_for_ten_minutes(client: Any, standin: Any) -> None:
    """What was never a code is as good as a spent one."""
    code = client.authorize()["code"]
    assert "access_token" in client.exchange(code=code)
    late = client.authorize()["code"]
    standin.shift = timedelta(minutes=10, seconds=1)
    for wrong in (code, late, "never", ""):
        assert client.exchange(code=wrong)["error"] == "bad_verification_code"


def test_a_wrong_secret_spends_no_code(client: Any) -> None:
    """Nobody but the App can use a code up."""
    code = client.authorize()["code"]
    for secret in ("wrong", "ü", ""):
        refused = client.ask("/login/oauth/access_token", code=code, client_secret=secret)
        assert refused["error"] == "incorrect_client_credentials"
    assert "access_token" in client.exchange(code=code)


def test_a_challenge_is_met_by_its_verifier_alone(client: Any) -> None:
    """A code that comes without it, or with one that nobody asked for, is spent for nothing."""
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert "access_token" in client.exchange(code=client.authorize(**asked)["code"], code_verifier=VERIFIER)
    for query, given in ((asked, {}), (asked, {"code_verifier": "w" * 43}), ({}, {"code_verifier": VERIFIER})):
        code = client.authorize(**query)["code"]
        assert client.exchange(code=code, **given)["error"] == "bad_verification_code"
        assert client.exchange(code=code, code_verifier=VERIFIER)["error"] == "bad_verification_code"


def test_answers_are_forms_unless_json_is_accepted(client: Any, standin: Any) -> None:
    """And requests are read from the query, from a form and from JSON."""
    path = f"{standin.url}/login/oauth/access_token"
    fields = {"client_id": client.ID, "client_secret": client.secret}
    for sent in ("params", "data", "json"):
        answer = httpx.post(path, **{sent: {**fields, "code": client.authorize()["code"]}})
        assert answer.headers["content-type"].startswith("application/x-www-form-urlencoded")
        assert dict(parse_qsl(answer.text))["token_type"] == "bearer"
    answer = httpx.post(path, data={**fields, "code": "x"}, headers={"Accept": "application/json, */*"})
    assert answer.json()["error"] == "bad_verification_code"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 5000, b'"' + b"x" * 70_000 + b'"'])
def test_bodies_that_are_none(client: Any, standin: Any, body: bytes) -> None:
    """What cannot be read is the sender's fault."""
    for path in ("/login/oauth/access_token", "/login/device/code"):
        answer = httpx.post(f"{standin.url}{path}", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400


def test_other_ways_to_a_token_are_none(client: Any) -> None:
    """There are no passwords here, and no tokens for the App alone."""
    for grant in ("password", "client_credentials", "implicit"):
        assert client.exchange(grant_type=grant)["error"] == "unsupported_grant_type"


def test_only_people_consent(client: Any, standin: Any) -> None:
    """Organisations and strangers cannot, and no other site presses the button."""
    httpx.post(f"{standin.url}/_standin/accounts", json={"login": "octo-org", "type": "Organization"})
    page = client.visit()
    assert "octo-org" not in page.text
    for login in ("octo-org", "nobody", ""):
        assert client.press(page, "authorize", login).status_code == 422
    form = {"client_id": client.ID, "login": "me", "action": "authorize"}
    for path in ("/login/oauth/authorize", "/login/device", "/settings/apps/authorizations"):
        foreign = httpx.post(f"{standin.url}{path}", data=form, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403


def test_where_nobody_is_a_person_the_page_says_what_to_do(make_standin: Callable[..., Any]) -> None:
    """The owner may be an organisation, and alone."""
    standin = make_standin(owner_login="octo-org", owner_type="Organization")
    page = httpx.get(f"{standin.url}/login/oauth/authorize?client_id=Iv1.battleshiper")
    assert "POST /_standin/accounts" in page.text
    assert 'value="authorize"' not in page.text
