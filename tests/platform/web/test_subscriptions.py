"""Subscriptions by the API: made, given, looked at, and written down."""

from datetime import timedelta

import pytest
from front import ADA
from web_desk import TOKEN, Web

from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.subscription import Limit


def ask(web: Web, method: str, path: str, token: str = TOKEN, **options):
    """Use the API."""
    return web.client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"}, **options)


def test_a_subscription_is_made_and_given(web: Web) -> None:
    """Its limits are shown beside what was used; who did it is in the audit log."""
    assert ask(web, "GET", "/subscriptions").json() == []
    made = ask(web, "PUT", "/subscriptions/small", json={"daily_builds": 3, "projects": 1})
    assert made.json() == {"name": "small", "limits": {"daily_builds": 3, "projects": 1}}
    assert ask(web, "GET", "/subscriptions").json() == [made.json()]
    before = ask(web, "GET", "/projects/site/usage").json()
    assert (before["subscription"], before["uses"][0]) == (
        "default",
        {"limit": "daily_builds", "used": 0, "most": None},
    )
    given = ask(web, "PUT", "/accounts/2/subscription", params={"name": "small"}).json()
    assert given["uses"][0] == {"limit": "daily_builds", "used": 0, "most": 3}
    assert ask(web, "GET", "/accounts/2/usage").json() == ask(web, "GET", "/projects/site/usage").json() == given
    ask(web, "PUT", "/subscriptions/small", json={})
    log = [(each.action, each.before, each.after) for each in web.store.audit()]
    assert log == [
        ("subscription.keep", "daily_builds=3 projects=1", ""),
        ("account.subscribe", "default", "small"),
        ("subscription.keep", "", "daily_builds=3 projects=1"),
    ]


@pytest.mark.parametrize(
    ("path", "options", "status", "said"),
    [
        ("/subscriptions/Large", {"json": {}}, 400, "is no name"),
        ("/subscriptions/large", {"json": {"daily_builds": -1}}, 400, "daily_builds must be"),
        ("/subscriptions/large", {"json": {"king": 1}}, 400, "whole numbers for some of daily_builds"),
        ("/subscriptions/large", {"json": {"projects": 1.5}}, 400, "whole numbers"),
        ("/subscriptions/large", {"json": []}, 400, "JSON object"),
        ("/subscriptions/large", {"content": b"{" * 5000}, 400, "bytes at most"),
        ("/subscriptions/large", {"content": b"\xff"}, 400, "JSON object"),
        ("/accounts/2/subscription", {"params": {"name": "none"}}, 404, "no subscription 'none'"),
        ("/accounts/x/subscription", {"params": {"name": "default"}}, 404, "no account 'x'"),
    ],
)
def test_mistakes(web: Web, path: str, options, status: int, said: str) -> None:
    """Each is told, and nothing is kept."""
    answer = ask(web, "PUT", path, **options)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
    assert web.store.subscriptions() == web.store.audit() == []


@pytest.mark.parametrize(("role", "reads", "writes"), [(Role.SUPPORT, 200, 403), (Role.SUBSCRIPTION_MANAGER, 200, 200)])
def test_roles(web: Web, role: Role, reads: int, writes: int) -> None:
    """Support sees them, subscription managers change them, and owners see what is theirs."""
    web.front.admit(ADA, {role}, r7=Permission.READ)
    token = web.front.tokens.issue(ADA.id, "test", list(Scope), timedelta(days=1))[1]
    assert ask(web, "GET", "/subscriptions", token).status_code == reads
    assert ask(web, "GET", "/accounts/2/usage", token).status_code == reads
    assert ask(web, "GET", "/projects/site/usage", token).status_code == 200
    assert ask(web, "PUT", "/subscriptions/large", token, json={"projects": 1}).status_code == writes
    assert bool(web.store.subscriptions()) == (writes == 200)
    assert web.store.subscription_of(2).most(Limit.PROJECTS) is None
