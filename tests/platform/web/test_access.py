"""Who may use the API: the operator, people by their tokens, and nobody for what is another's."""

from datetime import timedelta

import pytest
from front import ADA, BOB
from starlette.routing import Route
from web_desk import TOKEN, Web

from battleshiper.platform.identity.port import IdentityUnavailableError
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import ALL_ROLES, Role

EVERY_SCOPE = frozenset(Scope)
OPERATORS = {
    ("GET", "/deliveries"),
    ("GET", "/subscriptions"),
    ("PUT", "/subscriptions/s"),
    ("PUT", "/accounts/2/subscription"),
    ("GET", "/accounts/2/usage"),
}
"""What is of everybody, and takes a right."""

PUBLIC = ("/api/v1/openapi.json", "/api/v1/{path:path}")
"""The document, which tells of nobody, and what there is not."""


class People:
    """Ada, who has a token that may do everything, and Bob."""

    def __init__(self, web: Web) -> None:
        self.web = web
        web.logs.append("d", LogKind.BUILD, "secret-of-the-log")

    def token(self, identity=ADA, scopes=EVERY_SCOPE, roles=(), **allowed: Permission) -> str:
        """Return a token of somebody whom GitHub lets do `allowed`."""
        self.web.front.admit(identity, roles, **allowed)
        return self.web.front.tokens.issue(identity.id, "test", scopes, timedelta(days=1))[1]

    def ask(self, token: str, method: str, path: str, **options):
        """Use the API with a token."""
        headers = {"authorization": f"Bearer {token}"}
        return self.web.client.request(method, f"/api/v1{path}", headers=headers, **options)


@pytest.fixture
def people(web: Web) -> People:
    """Those who use the API."""
    return People(web)


def endpoints(web: Web) -> list[tuple[str, str]]:
    """Return every endpoint of the API as it is asked for of the project `site` and the deployment `d`."""
    names = {"name": "site", "id": "d", "kind": "build", "variable": "X", "account": "2", "subscription": "s"}
    names["label"] = "sale"
    return [
        (method, route.path.removeprefix("/api/v1").format(**names))
        for route in web.app.routes
        if isinstance(route, Route) and route.path.startswith("/api/v1/") and route.path not in PUBLIC
        for method in (route.methods or ())
        if method != "HEAD"
    ]


def test_no_token_and_wrong_ones(people: People, web: Web) -> None:
    """Nothing is told, whatever is asked for; the answer says which token to send."""
    good = people.token(r7=Permission.ADMIN)
    for method, path in endpoints(web):
        for token in ("", "nonsense", good[:-1], f"{good}0", good.replace("bship", "BSHIP"), f"{TOKEN}x", "\u00e9"):
            answer = web.client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}".encode()})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"
            assert "/tokens" in answer.json()["detail"]


def test_a_stranger_meets_nothing(people: People, web: Web) -> None:
    """Every endpoint answers for what is another's as for what is not there, and changes nothing."""
    stranger = people.token(BOB, r8=Permission.ADMIN)
    for method, path in endpoints(web):
        foreign = people.ask(stranger, method, path, content=b"value", params={"scope": "production"})
        absent_path = path.replace("/site", "/none").replace("/deployments/d", "/deployments/n")
        absent = people.ask(stranger, method, absent_path, content=b"value", params={"scope": "production"})
        if (method, path) in OPERATORS:
            assert foreign.status_code == 403
            continue
        assert foreign.status_code == absent.status_code, (method, path)
        assert "secret-of-the-log" not in foreign.text
        if "/site" in path or "/deployments/d" in path:
            assert foreign.status_code == 404, (method, path)
            assert foreign.json()["detail"].replace("'site'", "'none'").replace("'d'", "'n'") == absent.json()["detail"]
        elif path == "/me":
            assert foreign.json() == {"login": "bob", "operator": False}
        elif method == "GET":
            assert foreign.json() == []
    assert web.store.project_named("site").id == "p"
    assert web.store.variables("p") == []


def test_the_owner_does_what_the_operator_does(people: People, web: Web) -> None:
    """The same answers, for what is theirs."""
    owner = people.token(r7=Permission.WRITE)
    for path in ("/projects", "/deployments", "/deployments?project=site", "/deployments/d"):
        assert people.ask(owner, "GET", path).json() == people.ask(TOKEN, "GET", path).json() != []
    assert "secret-of-the-log" in people.ask(owner, "GET", "/deployments/d/logs/build").text
    put = people.ask(owner, "PUT", "/projects/site/variables/X", params={"scope": "production"}, content=b"value")
    assert put.status_code == 200
    assert people.ask(owner, "POST", "/projects/site/cancel", params={"deployment": "d"}).json()["state"] == "canceled"
    assert people.ask(owner, "DELETE", "/projects/site").status_code == 202


def test_a_reader_changes_nothing(people: People, web: Web) -> None:
    """They see all of it, and are told who may change it."""
    reader = people.token(r7=Permission.READ)
    assert people.ask(reader, "GET", "/deployments/d").status_code == 200
    for method, path in endpoints(web):
        if method != "GET" or "variables" in path or "hooks" in path:
            answer = people.ask(reader, method, path, content=b"value", params={"repository": "me/site"})
            assert answer.status_code in (403, 409), (method, path)
            told = answer.json()["detail"]
            assert any(words in told for words in ("push to me/site", "may not see", "takes the right")), told
    assert web.store.variables("p") == []


@pytest.mark.parametrize(
    ("scopes", "get", "post"),
    [({Scope.READ}, 200, 403), ({Scope.WRITE}, 200, 200), ({Scope.ADMIN}, 403, 403)],
)
def test_a_token_is_good_for_its_scopes(people: People, scopes, get: int, post: int) -> None:
    """Whatever its owner may do."""
    token = people.token(scopes=scopes, r7=Permission.ADMIN)
    assert people.ask(token, "GET", "/projects").status_code == get
    answer = people.ask(token, "POST", "/projects/site/cancel", params={"deployment": "d"})
    assert answer.status_code == post
    assert post == 200 or "has not the scope" in answer.json()["detail"]


def test_rights_of_roles(people: People) -> None:
    """What is of everybody takes a role, and a token with the scope for it."""
    assert people.ask(people.token(roles={Role.SUPPORT}), "GET", "/deliveries").status_code == 403
    assert people.ask(people.token(roles={Role.MAINTAINER}), "GET", "/deliveries").status_code == 200
    without = people.token(scopes={Scope.READ, Scope.WRITE}, roles=ALL_ROLES)
    assert people.ask(without, "GET", "/deliveries").status_code == 403


def test_too_many_requests(people: People) -> None:
    """They are turned away with when to come again, and another token is not."""
    token, other = people.token(r7=Permission.READ), people.token(BOB)
    answers = [people.ask(token, "GET", "/deployments/d") for _ in range(202)]
    assert answers[199].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert people.ask(other, "GET", "/projects").status_code == 200


def test_when_github_must_be_asked_anew(people: People, web: Web) -> None:
    """A token of somebody who has revoked the App sees nothing; while GitHub is down it is said so."""
    token = people.token(r7=Permission.READ)
    web.front.provider.error = IdentityUnavailableError("GitHub answered 502.")
    assert people.ask(token, "GET", "/projects").status_code == 503
    web.front.provider.error = None
    web.front.provider.revoke_all()
    answer = people.ask(token, "GET", "/projects")
    assert (answer.status_code, "sign in" in answer.json()["detail"]) == (401, True)
