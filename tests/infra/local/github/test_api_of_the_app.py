"""The App's own API: who it is, where it is installed, and the tokens it gets."""

import time
from typing import Any

import httpx
import jwt

from battleshiper.infra.local.github.credentials import generate_app_credentials


def test_the_app_learns_who_and_where_it_is(app: Any, person: Any) -> None:
    """The App, its installations one by one and by account, and by repository."""
    person.commit("a", "a")
    person.push("main")
    assert app.get("/app")["slug"] == "battleshiper"
    (installation,) = app.get("/app/installations")
    assert installation["account"] == {**installation["account"], "login": "me", "id": 1001, "type": "User"}
    for path in ("/app/installations/5001", "/repos/me/site/installation", "/users/me/installation"):
        assert app.get(path)["id"] == installation["id"] == 5001
    for path in ("/app/installations/1", "/repos/me/none/installation", "/repos/you/site/installation"):
        assert app.ask("GET", path).status_code == 404
    assert app.ask("GET", "/users/you/installation").status_code == 404


def test_tokens_of_the_app_are_checked(app: Any, standin: Any) -> None:
    """Issuer, start and end of a JWT must be as GitHub wants them, and the error says which is not."""
    bad: list[tuple[dict[str, object], str]] = [
        ({"iss": "78"}, "'Issuer'"),
        ({"iss": None}, "'Issuer'"),
        ({"exp": int(time.time()) - 1}, "'Expiration time'"),
        ({"exp": int(time.time()) + 3600}, "too far in the future"),
        ({"exp": None}, "'Expiration time'"),
        ({"exp": "soon"}, "'Expiration time'"),
        ({"iat": int(time.time()) + 600}, "'Issued at'"),
        ({"iat": None}, "'Issued at'"),
    ]
    for claims, message in bad:
        answer = app.ask("GET", "/app", token=standin.app_token(**claims))
        assert answer.status_code == 401, claims
        assert message in answer.json()["message"]


def test_the_client_id_is_a_good_issuer(app: Any, standin: Any) -> None:
    """GitHub takes the App's id and its client id."""
    assert app.ask("GET", "/app", token=standin.app_token(iss="Iv1.battleshiper")).status_code == 200


def test_tokens_signed_otherwise_are_refused(app: Any, standin: Any) -> None:
    """Another key, no signature, or a signature made with the public key as a secret does not pass."""
    now = int(time.time())
    claims = {"iss": "77", "iat": now, "exp": now + 60}
    for token in (
        jwt.encode(claims, generate_app_credentials().private_key, algorithm="RS256"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, "a" * 40, algorithm="HS256"),
        "a.b.c",
        "ghs_nothing",
        "",
    ):
        assert app.ask("GET", "/app", token=token).status_code == 401
    answer = httpx.get(f"{standin.url}/api/v3/app", headers={"Authorization": "Digest x"})
    assert answer.json()["message"] == "Bad credentials"


def test_tokens_are_for_what_was_asked(app: Any, person: Any) -> None:
    """A token can be narrowed to repositories, by id or name, and to permissions."""
    person.commit("a", "a")
    person.push("main")
    person.push("main", name="other")
    everything = app.post("/app/installations/5001/access_tokens")
    assert everything["repository_selection"] == "all"
    assert everything["permissions"]["statuses"] == "write"
    mine = app.ask("GET", "/repos/me/site", token=everything["token"]).json()
    narrow = app.post(
        "/app/installations/5001/access_tokens", {"repository_ids": [mine["id"]], "permissions": {"contents": "read"}}
    )
    assert narrow["permissions"] == {"contents": "read", "metadata": "read"}
    assert [one["name"] for one in narrow["repositories"]] == ["site"]
    token = narrow["token"]
    assert app.ask("GET", "/repos/me/site", token=token).status_code == 200
    assert app.ask("GET", "/repos/me/other", token=token).status_code == 404
    assert app.ask("GET", "/repos/me/site/deployments", token=token).status_code == 403
    listed = app.ask("GET", "/installation/repositories", token=token).json()
    assert (listed["total_count"], listed["repositories"][0]["name"]) == (1, "site")


def test_tokens_for_what_was_not_granted_are_refused(app: Any) -> None:
    """An App gets no more than it was given."""
    for body in [
        {"repositories": ["none"]},
        {"repository_ids": [4711]},
        {"repository_ids": [2**70]},
        {"permissions": {"contents": "write"}},
        {"permissions": {"administration": "read"}},
    ]:
        assert app.ask("POST", "/app/installations/5001/access_tokens", body).status_code == 422, body


def test_tokens_can_be_given_back(installation: Any, person: Any) -> None:
    """A revoked token opens nothing."""
    assert installation.ask("DELETE", "/installation/token").status_code == 204
    assert installation.ask("GET", "/installation/repositories").status_code == 401


def test_each_kind_of_token_has_its_own_doors(app: Any, installation: Any, person: Any, standin: Any) -> None:
    """The App's JWT does not open repositories, and an installation's token is not the App."""
    person.commit("a", "a")
    person.push("main")
    assert app.ask("GET", "/repos/me/site").status_code == 404
    assert app.ask("GET", "/installation/repositories").status_code == 403
    assert installation.ask("GET", "/app").status_code == 401
    assert installation.ask("GET", "/app/hook/deliveries").status_code == 401
    assert installation.ask("GET", "/repos/me/site", token="").status_code == 404
    assert installation.ask("GET", "/repos/me/site", token=standin.personal_token).status_code == 200


def test_rate_limits_are_told_and_kept(app: Any, installation: Any, standin: Any) -> None:
    """Every answer says what is left; asking for the limit itself is free; too much is refused."""
    before = installation.get("/rate_limit")["rate"]
    answer = installation.ask("GET", "/installation/repositories")
    assert int(answer.headers["x-ratelimit-remaining"]) == before["remaining"] - 1
    assert installation.get("/rate_limit")["rate"]["remaining"] == before["remaining"] - 1
    assert answer.headers["x-ratelimit-resource"] == "core"
    assert answer.headers["x-github-request-id"]
    for _ in range(60):
        last = httpx.get(f"{standin.url}/api/v3/meta")
    assert last.status_code == 200
    refused = httpx.get(f"{standin.url}/api/v3/meta")
    assert refused.status_code == 403
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert installation.ask("GET", "/meta").status_code == 200


def test_bodies_that_are_no_json_are_refused(installation: Any, standin: Any, person: Any) -> None:
    """Bad JSON, other than objects, absurd nesting and broken text get 400 and a reason."""
    person.commit("a", "a")
    person.push("main")
    url = f"{standin.url}/api/v3/repos/me/site/deployments"
    for body in (b"{", b"[]", b'"x"', b"[" * 100_000, b'{"ref": "\\ud800"}', b"\xff"):
        answer = httpx.post(url, content=body, headers={"Authorization": f"Bearer {installation.token}"})
        assert answer.status_code == 400
        assert answer.json()["documentation_url"]
    assert httpx.put(url, headers={"Authorization": f"Bearer {installation.token}"}).status_code == 404
    assert httpx.get(f"{standin.url}/api/v3/no/such/thing").json()["message"] == "Not Found"
