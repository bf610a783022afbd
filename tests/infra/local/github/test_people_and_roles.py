"""People, what they may do in a repository, and what they say there."""

from typing import Any

import pytest

SITE = "me/site"
COMMENTS = f"/repos/{SITE}/issues/1/comments"


@pytest.fixture
def pulled(person: Any, owner: Any) -> Any:
    """Return a person who has opened a pull request."""
    person.commit("a", "a")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "topic")
    person.commit("b", "b")
    person.push("topic")
    owner.open_pull(SITE, "topic")
    return person


@pytest.mark.parametrize(
    ("role", "permission"),
    [("read", "read"), ("triage", "read"), ("write", "write"), ("maintain", "write"), ("admin", "admin")],
)
def test_a_role_is_told_by_its_permission(
    pulled: Any, owner: Any, ada: Any, installation: Any, role: str, permission: str
) -> None:
    """Roles are finer than permissions; the account's number is the one to trust."""
    path = f"/repos/{SITE}/collaborators/ada/permission"
    assert installation.get(path)["permission"] == "none"
    owner.grant(SITE, "ada", role)
    told = installation.get(path)
    assert (told["permission"], told["role_name"], told["user"]["id"]) == (permission, role, ada.id)
    assert installation.get(path.replace("ada", "ADA")) == told
    owner.grant(SITE, "ada", "none")
    assert installation.get(path)["permission"] == "none"


def test_the_owner_is_admin_and_strangers_are_unknown(pulled: Any, installation: Any, as_person: Any, ada: Any) -> None:
    """Everybody reads what is public, nobody who does not exist has a role, and only admins give one."""
    base = f"/repos/{SITE}/collaborators"
    assert installation.get(f"{base}/me/permission")["permission"] == "admin"
    assert installation.ask("GET", f"{base}/nobody/permission").status_code == 404
    assert installation.ask("PUT", f"{base}/ada", {"permission": "push"}).status_code == 403
    assert as_person(ada).ask("PUT", f"{base}/ada", {"permission": "push"}).status_code == 404


def test_accounts_are_found_by_number(installation: Any, ada: Any, owner: Any, as_person: Any) -> None:
    """And by name; the App's own is one of them."""
    found = installation.get(f"/user/{ada.id}")
    assert (found["login"], found["type"]) == ("ada", "User")
    assert installation.get(f"/user/{owner.id}")["login"] == "me"
    assert installation.get("/users/ada")["id"] == ada.id
    assert as_person(ada).get("/user")["id"] == ada.id
    for path in ("/user/1", "/user/x", "/users/nobody"):
        assert installation.ask("GET", path).status_code == 404
    assert installation.ask("GET", "/user").status_code == 403


def test_people_talk_and_are_named(
    pulled: Any, owner: Any, ada: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """Created, edited and deleted, each with who wrote it and who did it."""
    owner.grant(SITE, "ada", "read")
    first = ada.comment(SITE, 1, "/deploy")
    ada.edit_comment(SITE, first, "/deploy now")
    owner.edit_comment(SITE, first, "No")
    ada.delete_comment(SITE, first)
    events = [received.payload for received in hook.wait("issue_comment", 4)]
    for event, action, sender in zip(
        events, ("created", "edited", "edited", "deleted"), ("ada", "ada", "me", "ada"), strict=True
    ):
        openapi.check_event(f"issue-comment-{action}", event)
        assert (event["action"], event["sender"]["login"]) == (action, sender)
        assert (event["comment"]["user"]["id"], event["comment"]["author_association"]) == (ada.id, "COLLABORATOR")
        assert event["comment"]["performed_via_github_app"] is None
        assert event["issue"]["pull_request"]["html_url"].endswith(f"/{SITE}/pull/1")
    assert events[1]["changes"] == {"body": {"from": "/deploy"}}
    assert installation.get(COMMENTS) == []


def test_what_the_app_says_is_the_apps(pulled: Any, installation: Any, hook: Any, openapi: Any) -> None:
    """A bot's comment, by the App."""
    made = installation.post(COMMENTS, {"body": "Ready"})
    assert (made["user"]["type"], made["performed_via_github_app"]["slug"]) == ("Bot", "battleshiper")
    event = hook.wait("issue_comment")[0].payload
    openapi.check_event("issue-comment-created", event)
    assert event["sender"]["type"] == "Bot"
    assert installation.get(f"/user/{made['user']['id']}")["login"] == "battleshiper[bot]"


def test_readers_leave_alone_what_others_wrote(pulled: Any, owner: Any, ada: Any, as_person: Any) -> None:
    """Writing takes the role for it; a stranger does not even see the repository."""
    comment = owner.comment(SITE, 1, "Mine")
    reader, one = as_person(ada), f"/repos/{SITE}/issues/comments/{comment}"
    assert reader.ask("POST", COMMENTS, {"body": "x"}).status_code == 404
    owner.grant(SITE, "ada", "read")
    for method, path, body in (
        ("PATCH", one, {"body": "Hers"}),
        ("DELETE", one, None),
        ("PATCH", f"/repos/{SITE}/pulls/1", {"state": "closed"}),
        ("PUT", f"/repos/{SITE}/pulls/1/merge", {}),
        ("POST", f"/repos/{SITE}/statuses/main", {"state": "success"}),
    ):
        assert reader.ask(method, path, body).status_code == 403, path
    owner.grant(SITE, "ada", "write")
    assert reader.ask("PATCH", one, {"body": "Hers"}).status_code == 200


def test_comments_come_in_pages(pulled: Any, owner: Any, installation: Any) -> None:
    """With links to the others."""
    numbers = [owner.comment(SITE, 1, str(number)) for number in range(5)]
    answer = installation.ask("GET", COMMENTS, per_page=2, page=2)
    assert [one["id"] for one in answer.json()] == numbers[2:4]
    relations = sorted(link.split('rel="')[1].rstrip('"') for link in answer.headers["link"].split(", "))
    assert relations == ["first", "last", "next", "prev"]
    assert "page=3" in answer.headers["link"]
    assert [one["id"] for one in owner.comments(SITE, 1)] == numbers


def test_reactions_are_made_once_and_taken_back(
    pulled: Any, owner: Any, installation: Any, make_installation: Any
) -> None:
    """Each content once for each account; only one's own can be taken back."""
    comment = owner.comment(SITE, 1, "/deploy")
    path = f"/repos/{SITE}/issues/comments/{comment}/reactions"
    eyes = installation.post(path, {"content": "eyes"})
    assert (eyes["content"], eyes["user"]["type"]) == ("eyes", "Bot")
    again = installation.ask("POST", path, {"content": "eyes"})
    assert (again.status_code, again.json()["id"]) == (200, eyes["id"])
    theirs = owner.react(SITE, comment, "+1")
    counted = installation.get(path.removesuffix("/reactions"))["reactions"]
    assert (counted["total_count"], counted["eyes"], counted["+1"], counted["-1"]) == (2, 1, 1, 0)
    assert [one["id"] for one in installation.get(path, content="+1")] == [theirs]
    assert installation.ask("DELETE", f"{path}/{theirs}").status_code == 404
    assert installation.ask("DELETE", f"{path}/{eyes['id']}").status_code == 204
    assert owner.reactions(SITE, comment) == [("me", "+1")]
    assert installation.ask("POST", path, {"content": "shrug"}).status_code == 422
    assert installation.ask("POST", path.replace(str(comment), "99"), {"content": "eyes"}).status_code == 404
    reader = make_installation(permissions={"issues": "read"})
    assert reader.ask("POST", path, {"content": "eyes"}).status_code == 403
    owner.delete_comment(SITE, comment)
    assert installation.ask("GET", path).status_code == 404
