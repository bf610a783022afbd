"""Custom aliases by the API."""

from datetime import timedelta

from front import ADA, BOB
from web_desk import TOKEN, Web

from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.model.reach import Permission


def ask(web: Web, method: str, path: str = "", token: str = TOKEN, **parameters: str):
    """Use the API."""
    headers = {"authorization": f"Bearer {token}"}
    return web.client.request(method, f"/api/v1/projects/site/aliases{path}", headers=headers, params=parameters)


def test_an_alias_is_held_and_released(web: Web) -> None:
    """Each answer says where it is and what it shows."""
    held = ask(web, "PUT", "/sale")
    assert held.status_code == 200
    assert {**held.json(), "held_at": ""} == {
        "alias": "sale",
        "url": "http://sale.localhost:8787",
        "branch": None,
        "held_at": "",
    }
    assert ask(web, "PUT", "/beta", branch="next").json()["branch"] == "next"
    assert [each["alias"] for each in ask(web, "GET").json()] == ["beta", "sale"]
    assert ask(web, "DELETE", "/sale").json()["alias"] == "sale"
    gone = ask(web, "DELETE", "/sale")
    assert (gone.status_code, gone.json()["detail"]) == (404, "site has no alias 'sale'.")


def test_mistakes(web: Web) -> None:
    """Are the caller's."""
    refused = ask(web, "PUT", "/WWW")
    assert (refused.status_code, "cannot be an alias" in refused.json()["detail"]) == (400, True)
    taken = ask(web, "PUT", "/site")
    assert (taken.status_code, "already" in taken.json()["detail"]) == (409, True)


def test_who_only_reads_changes_nothing(web: Web) -> None:
    """A reader sees them; to a stranger there is no such project."""
    ask(web, "PUT", "/sale")
    web.front.admit(ADA, r7=Permission.READ)
    reader = web.front.tokens.issue(ADA.id, "test", list(Scope), timedelta(days=1))[1]
    assert [each["alias"] for each in ask(web, "GET", token=reader).json()] == ["sale"]
    for method in ("PUT", "DELETE"):
        assert ask(web, method, "/sale", reader).status_code == 403
    web.front.admit(BOB)
    stranger = web.front.tokens.issue(BOB.id, "test", list(Scope), timedelta(days=1))[1]
    for method, path in (("GET", ""), ("PUT", "/sale"), ("DELETE", "/sale")):
        assert ask(web, method, path, stranger).status_code == 404
