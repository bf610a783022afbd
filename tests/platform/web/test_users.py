"""Users, roles and the audit log: on the pages and by the API, for those whose roles have the rights."""

import pytest
from front import ADA, BOB, COOKIE, URL, Front
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.role import ALL_ROLES, Role
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.user_pages import UserPages
from battleshiper.platform.web.users_api import UsersApi


class Desk:
    """The pages and the API, as Ada's browser and the operator's program have them. Bob has signed in."""

    def __init__(self, front: Front, store, clock, *roles: Role) -> None:
        administration = Administration(store, clock)
        pages = UserPages(administration, front.door, View(front.renderer))
        routes = [*pages.routes(), *UsersApi(administration, front.guard).routes(), *front.assets.routes()]
        entered = front.admit(ADA, roles)
        store.welcome(BOB)
        self.client = TestClient(Starlette(routes=routes), cookies={COOKIE: entered.new_cookie or ""})
        self._token = entered.session.form_token

    def post(self, path: str, **fields: str):
        """Send a form of a page."""
        return self.client.post(path, data={"form_token": self._token, **fields}, headers={"origin": URL})

    def api(self, method: str, path: str, **parameters: str):
        """Use the API as the operator."""
        headers = {"authorization": "Bearer operator"}
        return self.client.request(method, f"/api/v1{path}", headers=headers, params=parameters)


@pytest.fixture
def desk(front: Front, store, clock) -> Desk:
    """Ada with every role."""
    return Desk(front, store, clock, *ALL_ROLES)


def test_finding_somebody_and_giving_roles(desk: Desk, store) -> None:
    """From the list to one account, whose roles are what is ticked; the audit log has it."""
    listed = desk.client.get("/users").text
    assert "ada" in listed
    assert 'href="/users/8"' in listed
    assert 'href="/users/8"' not in desk.client.get("/users?q=ada").text
    assert "login or name has “&lt;b&gt;” in it" in desk.client.get("/users?q=<b>").text
    answer = desk.post("/users/8/roles", **{"role-support": "on", "role-maintainer": "on"})
    assert "The roles are given." in answer.text
    assert store.account(BOB.id).roles == {Role.SUPPORT, Role.MAINTAINER}
    log = desk.client.get("/audit").text
    for text in ("ada (7)", "bob (8)", "roles.set", "maintainer support"):
        assert text in log


def test_ending_sessions_and_accounts(desk: Desk, front: Front, store) -> None:
    """The account goes once its login was typed."""
    entered = front.admit(BOB)
    assert "signed out everywhere" in desk.post("/users/8/sessions/end").text
    assert front.desk.enter(entered.new_cookie) is None
    refused = desk.post("/users/8/delete", login="bo")
    assert (refused.status_code, "Type bob" in refused.text) == (400, True)
    assert "The account is forgotten." in desk.post("/users/8/delete", login="bob").text
    assert [account.id for account in store.accounts()] == [ADA.id]
    refused = desk.post("/users/7/delete", login="ada")
    assert (refused.status_code, "only role manager" in refused.text) == (409, True)
    assert "only role manager" in desk.post("/users/7/roles").text


@pytest.mark.parametrize("path", ["/users/9", "/users/x", "/users/99999999999999999999", "/users/-7", "/users/٨"])
def test_nobody_there(desk: Desk, path: str) -> None:
    """It is said, whatever the address says."""
    assert desk.client.get(path).status_code == 404
    assert desk.api("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("roles", "reads", "gives", "ends", "audits"),
    [
        ((), 403, 403, 403, 403),
        ((Role.SUPPORT,), 200, 403, 403, 403),
        ((Role.MAINTAINER,), 200, 403, 200, 200),
        ((Role.ROLE_MANAGER,), 200, 200, 403, 403),
    ],
)
def test_each_role_does_its_own(front, store, clock, roles, reads, gives, ends, audits) -> None:
    """And is shown no button for more."""
    desk = Desk(front, store, clock, *roles)
    assert [desk.client.get(path).status_code for path in ("/users", "/users/8", "/audit")] == [reads, reads, audits]
    page = desk.client.get("/users/8").text
    assert ("Give these roles" in page) == (gives == 200)
    assert ("Sign out everywhere" in page) == (ends == 200)
    assert desk.post("/users/8/roles", **{"role-support": "on"}).status_code == gives
    assert desk.post("/users/8/sessions/end").status_code == ends


def test_by_the_api(desk: Desk, store) -> None:
    """The same, in JSON; a role that there is not is told."""
    (ada, bob) = desk.api("GET", "/users").json()
    assert (ada["login"], bob["id"], bob["roles"]) == ("ada", 8, [])
    assert desk.api("GET", "/users", q="bob").json() == [bob]
    given = desk.api("PUT", "/users/8/roles", roles="support, role-manager").json()
    assert given["roles"] == ["role-manager", "support"]
    refused = desk.api("PUT", "/users/8/roles", roles="king")
    assert (refused.status_code, "choose of support" in refused.json()["detail"]) == (400, True)
    assert desk.api("PUT", "/users/8/roles", roles="").json()["roles"] == []
    assert desk.api("DELETE", "/users/8/sessions").status_code == 200
    assert desk.api("DELETE", "/users/7").status_code == 409
    assert desk.api("DELETE", "/users/8").json() == {"deleted": 8}
    actions = [entry["action"] for entry in desk.api("GET", "/audit").json()]
    assert actions == ["account.delete", "sessions.end", "roles.set", "roles.set"]


def test_hostile_names_are_text(desk: Desk, store) -> None:
    """On every page."""
    store.welcome(Identity(9, "eve", "<script>alert(1)</script>", "javascript:alert(1)"))
    desk.post("/users/9/roles", **{"role-support": "on"})
    for path in ("/users", "/users/9", "/audit"):
        page = desk.client.get(path).text
        assert "<script>alert" not in page
        assert "javascript:" not in page
