"""An App that is made from a manifest: posted, confirmed, exchanged, installed."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

NO_APP = {"app_id": 0, "app_public_key": "", "webhook_secret": "", "webhook_url": ""}
FOREIGN = {"Origin": "https://ship.example.org", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def standin(make_standin: Callable[..., Any]) -> Any:
    """A stand-in where nobody has made an App yet."""
    return make_standin(**NO_APP)


@pytest.fixture
def make_manifest(hook: Any) -> Callable[..., dict[str, Any]]:
    def make(**changes: Any) -> dict[str, Any]:
        good = {
            "name": "Ship It",
            "url": "https://ship.example.org",
            "hook_attributes": {"url": hook.url, "active": True},
            "redirect_url": "http://127.0.0.1:1/created?from=github",
            "setup_url": "https://ship.example.org/",
            "default_permissions": {"contents": "read", "statuses": "write"},
            "default_events": ["push"],
        }
        return {**good, **changes}

    return make


def post(standin: Any, manifest: object, path: str = "/settings/apps/new", state: str = "s1") -> httpx.Response:
    """Post a manifest from another site's page."""
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    return httpx.post(f"{standin.url}{path}?state={state}", data={"manifest": text}, headers=FOREIGN)


def confirm(standin: Any, page: str, **changes: str) -> httpx.Response:
    """Press the button of the page, as its own form does."""
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
    return httpx.post(f"{standin.url}/settings/apps", data={**fields, **changes})


def led_to(answer: httpx.Response) -> str:
    """Return where a page leads to by itself."""
    assert answer.status_code == 200, answer.text
    (found,) = re.findall(r'content="0; url=([^"]*)"', answer.text)
    return unescape(found)


def make_code(standin: Any, manifest: dict[str, Any], **changes: str) -> str:
    """Make an App and return its code."""
    query = parse_qs(urlsplit(led_to(confirm(standin, post(standin, manifest).text, **changes))).query)
    return query["code"][0]


def exchange(standin: Any, openapi: Any, code: str) -> httpx.Response:
    """Exchange a code, as GitHub's description has it."""
    path = f"/app-manifests/{code}/conversions"
    answer = httpx.post(f"{standin.url}/api/v3{path}")
    openapi.check_exchange("POST", path, None, answer.status_code, answer.json())
    return answer


class App:
    """Asks as an App that was made."""

    def __init__(self, standin: Any, openapi: Any, made: dict[str, Any]) -> None:
        self.standin, self.openapi, self.made = standin, openapi, made

    def ask(self, method: str, path: str) -> httpx.Response:
        now = int(time.time())
        claims = {"iat": now - 30, "exp": now + 300, "iss": str(self.made["id"])}
        token = jwt.encode(claims, self.made["pem"], algorithm="RS256")
        answer = httpx.request(method, f"{self.standin.url}/api/v3{path}", headers={"Authorization": f"Bearer {token}"})
        self.openapi.check_exchange(method, path, None, answer.status_code, answer.json())
        return answer


def test_from_manifest_to_push(standin: Any, openapi: Any, make_manifest: Any, person: Any, hook: Any) -> None:
    """The App asks with its new key, is told of its installation, and then of pushes."""
    answer = post(standin, make_manifest())
    assert "contents: read" in answer.text
    to = urlsplit(led_to(confirm(standin, answer.text)))
    assert (to.netloc, to.path) == ("127.0.0.1:1", "/created")
    query = parse_qs(to.query)
    assert (query["from"], query["state"]) == (["github"], ["s1"])
    made = exchange(standin, openapi, query["code"][0])
    assert made.status_code == 201
    app = App(standin, openapi, made.json())
    assert app.made["name"] == "Ship It"
    hook.wait("ping")
    seen = app.ask("GET", "/app").json()
    assert (seen["permissions"]["contents"], seen["events"], seen["installations_count"]) == ("read", ["push"], 0)
    assert app.ask("GET", "/app/installations").json() == []
    assert app.ask("GET", "/app/hook/config").json()["url"] == hook.url
    assert app.ask("POST", "/app/installations/5001/access_tokens").status_code == 404

    install = f"{standin.url}/apps/ship-it/installations/new"
    assert "disabled" not in httpx.get(install).text
    back = urlsplit(led_to(httpx.post(install)))
    assert (back.netloc, parse_qs(back.query)["setup_action"]) == ("ship.example.org", ["install"])
    assert "disabled" in httpx.get(install).text
    openapi.check_event("installation-created", hook.wait("installation")[0].payload)
    assert [each["id"] for each in app.ask("GET", "/app/installations").json()] == [5001]
    assert app.ask("POST", "/app/installations/5001/access_tokens").status_code == 201
    httpx.post(install)
    sha = person.commit("a", "a")
    person.push("main")
    assert [each.payload["after"] for each in hook.wait("push")] == [sha]
    assert len(hook.of("installation")) == 1


def test_an_app_outlives_a_restart(standin: Any, openapi: Any, make_manifest: Any, hook: Any) -> None:
    """What was made is there after the next start, installed or not."""
    made = exchange(standin, openapi, make_code(standin, make_manifest())).json()
    standin.stop()
    standin.start()
    app = App(standin, openapi, made)
    assert app.ask("GET", "/app").json()["id"] == made["id"]
    assert app.ask("GET", "/app/installations").json() == []


def test_codes_are_good_once_and_for_an_hour(standin: Any, openapi: Any, make_manifest: Any) -> None:
    """A spent code, one that is too old and one that never was are not found."""
    code = make_code(standin, make_manifest())
    assert exchange(standin, openapi, code).status_code == 201
    assert exchange(standin, openapi, code).status_code == 404
    assert exchange(standin, openapi, "never").status_code == 404
    code = make_code(standin, make_manifest(), name="Another")
    standin.stop()
    standin.shift = timedelta(hours=1, seconds=1)
    standin.start()
    assert exchange(standin, openapi, code).status_code == 404


def test_a_name_is_taken_once(standin: Any, openapi: Any, make_manifest: Any) -> None:
    """The page says so, keeps everything else, and takes another name."""
    make_code(standin, make_manifest())
    answer = confirm(standin, post(standin, make_manifest(), state="s2").text, name="ship it")
    assert answer.status_code == 422
    assert "already taken" in answer.text
    assert parse_qs(urlsplit(led_to(confirm(standin, answer.text, name="Ship It 2"))).query)["state"] == ["s2"]


def test_a_new_app_takes_the_place_of_the_one_before(
    make_standin: Callable[..., Any], openapi: Any, make_manifest: Any
) -> None:
    """The key of the App before opens nothing any more."""
    standin = make_standin()
    headers = {"Authorization": f"Bearer {standin.app_token()}"}
    assert httpx.get(f"{standin.url}/api/v3/app", headers=headers).status_code == 200
    made = exchange(standin, openapi, make_code(standin, make_manifest())).json()
    assert httpx.get(f"{standin.url}/api/v3/app", headers=headers).status_code == 401
    assert App(standin, openapi, made).ask("GET", "/app").json()["slug"] == "ship-it"


def test_a_manifest_for_an_organisation(make_standin: Any, make_manifest: Any) -> None:
    """It is taken for the account there is, and for no other."""
    standin = make_standin(**NO_APP, owner_login="octo-org", owner_type="Organization")
    assert post(standin, make_manifest(), "/organizations/octo-org/settings/apps/new").status_code == 200
    assert post(standin, make_manifest(), "/organizations/other/settings/apps/new").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": None}, "url must be"),
        ({"url": "javascript:alert(1)"}, "url must be"),
        ({"redirect_url": "data:text/html,x"}, "redirect_url must be"),
        ({"callback_urls": "https://ship.example.org/in"}, "callback_urls must be an array"),
        ({"callback_urls": ["ship.example.org/in"]}, "callback_urls must be a valid URL"),
        ({"callback_urls": ["https://ship.example.org/in"] * 11}, "callback_urls are too many"),
        ({"hook_attributes": {}}, "url must be"),
        ({"hook_attributes": []}, "hook_attributes must be"),
        ({"default_permissions": {"contents": "all"}}, "is not supported"),
        ({"default_permissions": {"everything": "read"}}, "is not supported"),
        ({"default_permissions": []}, "must be an object"),
        ({"default_events": ["pull_request"]}, "Default events unsupported: pull_request"),
        ({"default_events": "push"}, "must be an array"),
        ({"name": "x" * 35}, "Name is too long"),
    ],
)
def test_manifests_that_are_refused(standin: Any, make_manifest: Any, changes: dict[str, Any], said: str) -> None:
    """What GitHub would not take is named, and nothing is made of it."""
    answer = post(standin, make_manifest(**changes))
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 5000, "x" * 70_000])
def test_manifests_that_are_none(standin: Any, text: str) -> None:
    """Text that is no manifest is refused as well."""
    assert post(standin, text).status_code in (400, 422)


def test_nobody_else_confirms(standin: Any, make_manifest: Any) -> None:
    """Any site may post a manifest, but only our own page makes an App of it, or installs one."""
    fields = {"manifest": json.dumps(make_manifest()), "name": "Ship It", "state": ""}
    for path in ("/settings/apps", "/apps/ship-it/installations/new", "/settings/apps/new/x"):
        assert httpx.post(f"{standin.url}{path}", data=fields, headers=FOREIGN).status_code == 403


def test_a_webhook_that_is_off(standin: Any, openapi: Any, make_manifest: Any, hook: Any) -> None:
    """An App with an inactive webhook is made, and told of nothing."""
    manifest = make_manifest(hook_attributes={"url": hook.url, "active": False})
    made = exchange(standin, openapi, make_code(standin, manifest))
    assert made.status_code == 201
    httpx.post(f"{standin.url}/apps/ship-it/installations/new")
    assert App(standin, openapi, made.json()).ask("GET", "/app/hook/deliveries").json() == []
    assert hook.received == []
