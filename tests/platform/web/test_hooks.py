"""Build hooks by the API, and what answers at their addresses."""

import pytest
from web_desk import TOKEN, Web

from battleshiper.platform.model.deployment import Origin
from battleshiper.platform.source.port import Head


def ask(web: Web, method: str, path: str = "", **parameters: str):
    """Use the API."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    return web.client.request(method, f"/api/v1/projects/site/hooks{path}", headers=headers, params=parameters)


@pytest.fixture
def address(web: Web) -> str:
    """A hook's."""
    web.source.branches["main"] = Head("c" * 40, "Say hello", "ada")
    return ask(web, "POST", title="CMS", branch="main").json()["url"].removeprefix("http://testserver")


def test_a_hook_is_made_called_and_removed(web: Web, address: str) -> None:
    """Its address goes out once."""
    (listed,) = ask(web, "GET").json()
    assert (listed["title"], listed["branch"], listed["used_at"], "url" in listed) == ("CMS", "main", None, False)
    answer = web.client.post(address)
    assert answer.status_code == 202
    assert (answer.json()["sha"], answer.json()["origin"]) == ("c" * 40, Origin.HOOK.value)
    assert ask(web, "GET").json()[0]["used_at"] is not None
    assert ask(web, "DELETE", f"/{listed['id']}").status_code == 200
    assert ask(web, "DELETE", f"/{listed['id']}").status_code == 404
    gone = web.client.post(address)
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")


def test_a_look_deploys_nothing(web: Web, address: str) -> None:
    """Whatever follows links, such as a chat that previews them, makes GET requests."""
    before = len(web.store.deployments(None))
    assert web.client.get(address).status_code == 405
    assert len(web.store.deployments(None)) == before


def test_a_flood_is_turned_away(web: Web, address: str) -> None:
    """With when to come again; it makes no deployment."""
    answers = [web.client.post(address) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [202] * 6 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert len({answer.json()["id"] for answer in answers[:6]}) == 1


def test_github_is_down(web: Web, address: str) -> None:
    """The caller is told to come again."""
    web.source.down = True
    answer = web.client.post(address)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_mistakes(web: Web) -> None:
    """Are the caller's."""
    assert ask(web, "POST").status_code == 400
    for key in ("x", "p_0123456789abcdef_" + "0" * 64, "%00", "é"):
        assert web.client.post(f"/hooks/{key}").status_code == 404
