"""User access tokens: what they open, how they are renewed, and how they end."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from battleshiper.infra.local.github.moment import read_clock
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.user_tokens import UserTokens
from battleshiper.infra.local.github.settings import GitHubSettings

SITE = "me/site"
INSTALLED = "/user/installations/5001/repositories"


@pytest.fixture
def pushed(person: Any) -> Any:
    """Return a person whose main is at `me/site`."""
    person.commit("a", "a")
    person.push("main")
    return person


def as_user(client: Any, login: str = "me", **fields: str) -> Any:
    """Return a client of the API that acts for somebody."""
    return client.api(client.sign_in(login, **fields)["access_token"])


def names(api: Any) -> list[str]:
    """Return what somebody reaches through the App."""
    return [one["full_name"] for one in api.get(INSTALLED)["repositories"]]


def test_a_token_opens_what_both_the_user_and_the_app_may(
    pushed: Any, client: Any, owner: Any, ada: Any, standin: Any
) -> None:
    """The one may less than the other, now here, now there."""
    user = as_user(client, "ada")
    sha = pushed.git("rev-parse", "HEAD")
    status = {"state": "success", "context": "c"}
    assert user.ask("GET", f"/repos/{SITE}").status_code == 404
    owner.grant(SITE, "ada", "read")
    assert user.get(f"/repos/{SITE}")["full_name"] == SITE
    assert user.ask("POST", f"/repos/{SITE}/statuses/{sha}", status).status_code == 403
    owner.grant(SITE, "ada", "admin")
    assert user.ask("POST", f"/repos/{SITE}/statuses/{sha}", status).status_code == 201
    assert user.ask("PATCH", f"/repos/{SITE}", {"archived": True}).status_code == 403
    owner.remove_from_app(SITE)
    assert user.ask("GET", f"/repos/{SITE}").status_code == 404
    owner.set_private(SITE, private=False)
    assert user.get(f"/repos/{SITE}")["full_name"] == SITE
    assert user.ask("POST", f"/repos/{SITE}/statuses/{sha}", status).status_code == 403


def test_git_takes_the_token_too(pushed: Any, client: Any, ada: Any, owner: Any) -> None:
    """As a password under any name."""
    token = client.sign_in("ada")["access_token"]
    assert "not found" in pushed.git("ls-remote", pushed.remote(token), check=False)
    owner.grant(SITE, "ada", "read")
    assert "refs/heads/main" in pushed.git("ls-remote", pushed.remote(token))


def test_the_app_can_be_asked_what_somebody_reaches(
    pushed: Any, make_person: Any, client: Any, ada: Any, owner: Any
) -> None:
    """To read what everybody may read is not enough; a role is."""
    other = make_person()
    other.commit("a", "a")
    other.push("main", name="shop")
    mine, hers = as_user(client), as_user(client, "ada")
    assert names(mine) == [SITE, "me/shop"]
    owner.set_private(SITE, private=False)
    assert hers.get("/user/installations") == {"total_count": 0, "installations": []}
    assert hers.ask("GET", INSTALLED).status_code == 404
    owner.grant("me/shop", "ada", "read")
    (found,) = hers.get("/user/installations")["installations"]
    assert (found["id"], found["account"]["login"]) == (5001, "me")
    assert names(hers) == ["me/shop"]
    assert hers.ask("GET", INSTALLED.replace("5001", "1")).status_code == 404
    page = mine.get(INSTALLED, per_page=1, page=2)
    assert (page["total_count"], [one["name"] for one in page["repositories"]]) == (2, ["shop"])
    assert client.api(client.standin.app_token()).ask("GET", "/user/installations").status_code == 403


def test_a_token_can_be_for_one_repository(pushed: Any, make_person: Any, client: Any, owner: Any, ada: Any) -> None:
    """A wish for one that is out of reach is ignored."""
    other = make_person()
    other.commit("a", "a")
    other.push("main", name="shop")
    number = str(owner.ask("GET", f"/repos/{SITE}")["id"])
    assert names(as_user(client, repository_id=number)) == [SITE]
    for wish in ("1", "x", "9" * 30):
        assert names(as_user(client, repository_id=wish)) == [SITE, "me/shop"]
    owner.grant("me/shop", "ada", "read")
    assert names(as_user(client, "ada", repository_id=number)) == ["me/shop"]


def test_a_suspended_or_uninstalled_app_acts_for_nobody(pushed: Any, client: Any, owner: Any) -> None:
    """Though it still knows who they are."""
    user = as_user(client)
    owner.suspend()
    assert user.get("/user/installations")["installations"][0]["suspended_at"]
    assert user.ask("GET", INSTALLED).status_code == 403
    assert user.ask("GET", f"/repos/{SITE}").status_code == 404
    owner.uninstall()
    assert user.get("/user/installations")["installations"] == []
    assert user.get("/user")["login"] == "me"
    owner.install()
    assert names(user) == [SITE]


def test_tokens_are_renewed_in_turn(client: Any) -> None:
    """Both of a pair end when it is; the old refresh token cannot be used twice."""
    first = client.sign_in()
    second = client.exchange(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert client.api(second["access_token"]).get("/user")["login"] == "me"
    assert client.api(first["access_token"]).ask("GET", "/user").status_code == 401
    for spent in (first["refresh_token"], second["access_token"], "", "ghr_never"):
        assert client.exchange(grant_type="refresh_token", refresh_token=spent)["error"] == "bad_refresh_token"


def test_of_two_renewals_at_once_one_counts(tmp_path: Path) -> None:
    """The other finds that the token has ended meanwhile."""
    database = Database(tmp_path / "github.db")
    accounts = Accounts(GitHubSettings(tmp_path, "http://127.0.0.1:1", 0, "", "", ""), database, read_clock)
    tokens = UserTokens(database, accounts, read_clock)
    known = tokens.find_refreshable(tokens.issue(accounts.owner).refresh_token)
    assert known is not None
    pair = tokens.replace(known)
    assert pair is not None
    assert tokens.replace(known) is None
    assert tokens.find(pair.token) is not None
    database.close()


def test_tokens_end_after_eight_hours_and_their_renewal_after_half_a_year(client: Any, standin: Any) -> None:
    """They outlive a restart until then."""
    tokens = client.sign_in()
    standin.stop()
    standin.start()
    assert client.api(tokens["access_token"]).get("/user")["login"] == "me"
    standin.shift = timedelta(hours=8, seconds=1)
    assert client.api(tokens["access_token"]).ask("GET", "/user").status_code == 401
    tokens = client.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    standin.shift += timedelta(days=184, seconds=1)
    refused = client.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refused["error"] == "bad_refresh_token"


def test_the_app_looks_at_renews_and_ends_a_token(client: Any, ada: Any) -> None:
    """By its client id and secret alone."""
    token = client.sign_in("ada")["access_token"]
    seen = client.manage("POST", "token", token).json()
    assert (seen["user"]["id"], seen["token_last_eight"]) == (ada.id, token[-8:])
    renewed = client.manage("PATCH", "token", token).json()
    assert renewed["id"] == seen["id"]
    assert client.manage("POST", "token", token).status_code == 404
    assert client.api(renewed["token"]).get("/user")["login"] == "ada"
    assert client.manage("DELETE", "token", renewed["token"]).status_code == 204
    assert client.api(renewed["token"]).ask("GET", "/user").status_code == 401
    for method, path in (("PATCH", "token"), ("DELETE", "token"), ("DELETE", "grant")):
        assert client.manage(method, path, token).status_code == 422
        assert client.manage(method, path, token, secret="wrong").status_code == 401


def test_tokens_are_managed_by_nobody_else(client: Any, standin: Any, openapi: Any) -> None:
    """Neither by the App's own key, nor for another App; and the client's secret opens nothing else."""
    token, path = client.sign_in()["access_token"], "/applications/Iv1.battleshiper/token"
    for other in (standin.app_token(), token, standin.personal_token):
        assert client.api(other).ask("POST", path, {"access_token": token}).status_code == 401
    auth = (client.ID, client.secret)
    url = f"{standin.url}/api/v3"
    assert httpx.post(f"{url}/applications/Iv1.other/token", json={"access_token": token}, auth=auth).status_code == 404
    assert httpx.post(f"{url}{path}", json={"access_token": 1}, auth=auth).status_code == 422
    for refused in ("/user", "/app", "/installation/repositories"):
        assert httpx.get(f"{url}{refused}", auth=auth).status_code in (401, 403)


def test_whoever_revokes_ends_every_token_and_the_app_hears_of_it(
    client: Any, ada: Any, standin: Any, hook: Any, openapi: Any
) -> None:
    """On the page; those of other people stay. It is told once, whatever the App subscribed to."""
    mine, hers = client.sign_in(), [client.sign_in("ada"), client.sign_in("ada")]
    page = f"{standin.url}/settings/apps/authorizations"
    assert 'value="ada"' in httpx.get(page).text
    for _ in range(2):
        assert httpx.post(page, data={"login": "ada"}).status_code == 303
    assert httpx.post(page, data={"login": "nobody"}).status_code == 404
    assert 'value="ada"' not in httpx.get(page).text
    for tokens in hers:
        assert client.api(tokens["access_token"]).ask("GET", "/user").status_code == 401
        refused = client.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
        assert refused["error"] == "bad_refresh_token"
    assert client.api(mine["access_token"]).get("/user")["login"] == "me"
    client.manage("DELETE", "grant", mine["access_token"])
    events = [received.payload for received in hook.wait("github_app_authorization", 2)]
    for event in events:
        openapi.check_event("github-app-authorization-revoked", event)
    assert [event["sender"]["login"] for event in events] == ["ada", "me"]


def test_a_new_app_takes_over_nobody(client: Any, standin: Any) -> None:
    """What people gave the App before ends with it; the new one's secret and callback URLs are its own."""
    token, code = client.sign_in()["access_token"], client.authorize()["code"]
    device = client.ask("/login/device/code")
    site = "https://ship.example.org"
    manifest = {"name": "Ship It", "url": site, "redirect_url": f"{site}/made", "callback_urls": [f"{site}/in"]}
    form = {"manifest": json.dumps(manifest), "name": "Ship It", "state": ""}
    made_at = client.led_to(httpx.post(f"{standin.url}/settings/apps", data=form))
    made = httpx.post(f"{standin.url}/api/v3/app-manifests/{made_at.partition('code=')[2]}/conversions").json()
    assert client.api(token).ask("GET", "/user").status_code == 401
    client.ID, client.secret = made["client_id"], made["client_secret"]
    assert client.exchange(code=code)["error"] == "bad_verification_code"
    assert httpx.post(device["verification_uri"], data={"user_code": device["user_code"]}).status_code == 422
    standin.stop()
    standin.start()
    assert client.led_to(client.press(client.visit(), "authorize")).startswith(f"{site}/in?code=")
    assert "access_token" in client.sign_in()
