"""What becomes of repositories, and what the App is told of it."""

from typing import Any

import httpx
import pytest

SITE = "me/site"


@pytest.fixture
def pushed(person: Any) -> Any:
    """Return a person whose main and topic are at `me/site`."""
    person.commit("a", "a")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "topic")
    person.commit("b", "b")
    person.push("topic")
    return person


def test_a_renamed_repository_is_found_by_both_names(
    pushed: Any, owner: Any, as_person: Any, installation: Any, hook: Any, openapi: Any, standin: Any
) -> None:
    """The API leads on from the old name, and git goes on with it, until somebody else is called so."""
    before = installation.get(f"/repos/{SITE}")
    renamed = as_person(owner).ask("PATCH", f"/repos/{SITE}", {"name": "shop"}).json()
    assert (renamed["id"], renamed["full_name"]) == (before["id"], "me/shop")
    event = hook.wait("repository", 2)[1].payload
    openapi.check_event("repository-renamed", event)
    assert event["changes"] == {"repository": {"name": {"from": "site"}}}
    assert event["repository"]["full_name"] == "me/shop"
    moved = httpx.get(
        f"{standin.url}/api/v3/repos/{SITE}/commits/main?per_page=1",
        headers={"Authorization": f"Bearer {installation.token}"},
    )
    url = f"{standin.url}/api/v3/repositories/{before['id']}/commits/main?per_page=1"
    assert (moved.status_code, moved.headers["location"], moved.json()["url"]) == (301, url, url)
    status = f"/repos/{SITE}/statuses/main"
    assert httpx.post(f"{standin.url}/api/v3{status}", headers={"Authorization": f"Bearer {owner.token}"}).is_redirect
    assert httpx.get(f"{standin.url}/api/v3/repos/{SITE}").status_code == 404
    sha = pushed.commit("c", "c")
    pushed.push("topic")
    push = hook.wait("push", 3)[2].payload
    assert (push["repository"]["full_name"], push["after"]) == ("me/shop", sha)
    pushed.push("main", name="other")
    assert as_person(owner).ask("PATCH", "/repos/me/other", {"name": "shop"}).status_code == 422
    assert as_person(owner).ask("PATCH", "/repos/me/other", {"name": "a b"}).status_code == 422
    assert owner.rename("me/other", "site") == SITE
    assert installation.get(f"/repos/{SITE}")["id"] != before["id"]


def test_a_transferred_repository_leaves_and_comes_back(
    pushed: Any, owner: Any, ada: Any, as_person: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """As at GitHub, its coming is told of as a transfer, and its going only as a removal."""
    number = installation.get(f"/repos/{SITE}")["id"]
    assert as_person(owner).ask("POST", f"/repos/{SITE}/transfer", {"new_owner": "ada"}).status_code == 202
    removed = hook.wait("installation_repositories", 2)[1].payload
    openapi.check_event("installation-repositories-removed", removed)
    assert [(one["id"], one["full_name"]) for one in removed["repositories_removed"]] == [(number, SITE)]
    assert installation.ask("GET", "/repos/ada/site").status_code == 404
    assert ada.transfer("ada/site", "me") == SITE
    event = hook.wait("repository", 2)[1].payload
    openapi.check_event("repository-transferred", event)
    assert event["changes"]["owner"]["from"]["user"]["id"] == ada.id
    assert (event["repository"]["id"], event["repository"]["owner"]["login"]) == (number, "me")
    assert hook.of("installation_repositories")[2].payload["repositories_added"][0]["id"] == number
    assert as_person(owner).ask("POST", f"/repos/{SITE}/transfer", {"new_owner": "bob"}).status_code == 422


def test_an_organisation_transfers_as_itself(pushed: Any, owner: Any, standin: Any, hook: Any, openapi: Any) -> None:
    """Whence it came is told in another field."""
    acme = type(owner).other(standin.url, "acme", "Organization")
    owner.transfer(SITE, "acme")
    acme.transfer("acme/site", "me")
    event = hook.wait("repository", 2)[1].payload
    openapi.check_event("repository-transferred", event)
    assert event["changes"]["owner"]["from"]["organization"]["login"] == "acme"


def test_what_is_public_is_for_everybody_to_read(
    pushed: Any, owner: Any, ada: Any, as_person: Any, hook: Any, openapi: Any
) -> None:
    """And to fork, until it is private again; nothing is told twice."""
    for private in (False, False, True):
        owner.set_private(SITE, private=private)
        seen = as_person(ada).ask("GET", f"/repos/{SITE}").status_code
        fetched = pushed.git("ls-remote", f"{pushed.standin.url}/{SITE}.git", check=False)
        assert (seen, "refs/heads/main" in fetched) == ((404, False) if private else (200, True))
        if not private:
            assert ada.fork(SITE) == "ada/site"
            told = as_person(ada).get(f"/repos/{SITE}/collaborators/ada/permission")
            assert told["permission"] == "read"
    events = [received.payload for received in hook.wait("repository", 3)]
    assert [event["action"] for event in events] == ["created", "publicized", "privatized"]
    openapi.check_event("repository-publicized", events[1])
    openapi.check_event("repository-privatized", events[2])
    assert [event["repository"]["private"] for event in events] == [True, False, True]


def test_an_archived_repository_is_read_only(
    pushed: Any, owner: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """Pushes, reports, comments and merges are refused, until it is unarchived."""
    owner.open_pull(SITE, "topic")
    owner.set_archived(SITE, archived=True)
    pushed.commit("c", "c")
    assert "403" in pushed.git("push", f"{pushed.standin.url}/{SITE}.git", "topic", check=False)
    for method, path, body in (
        ("POST", f"/repos/{SITE}/statuses/main", {"state": "success"}),
        ("POST", f"/repos/{SITE}/issues/1/comments", {"body": "x"}),
        ("POST", f"/repos/{SITE}/deployments", {"ref": "main"}),
    ):
        refused = installation.ask(method, path, body)
        assert (refused.status_code, refused.json()["message"]) == (403, "Repository was archived so is read-only.")
    assert httpx.post(f"{pushed.standin.url}/{SITE}/pull/1", data={"action": "merge"}).status_code == 422
    assert installation.get(f"/repos/{SITE}")["archived"] is True
    owner.set_archived(SITE, archived=False)
    pushed.push("topic")
    events = [received.payload for received in hook.wait("repository", 3)]
    openapi.check_event("repository-archived", events[1])
    openapi.check_event("repository-unarchived", events[2])
    hook.wait("push", 3)


def test_a_default_branch_is_chosen(pushed: Any, owner: Any, as_person: Any, hook: Any, openapi: Any) -> None:
    """Among those that there are; a clone checks it out."""
    owner.set_default_branch(SITE, "topic")
    event = hook.wait("repository", 2)[1].payload
    openapi.check_event("repository-edited", event)
    assert (event["action"], event["changes"]) == ("edited", {"default_branch": {"from": "main"}})
    assert event["repository"]["default_branch"] == "topic"
    pushed.git("clone", "--quiet", pushed.remote(owner.token), "cloned")
    assert pushed.git("-C", "cloned", "branch", "--show-current") == "topic"
    assert as_person(owner).ask("PATCH", f"/repos/{SITE}", {"default_branch": "none"}).status_code == 422


def test_a_deleted_repository_is_gone(
    pushed: Any, owner: Any, ada: Any, as_person: Any, installation: Any, hook: Any, openapi: Any, standin: Any
) -> None:
    """With everything in it; its name is free for another one, under a number of its own."""
    number = installation.get(f"/repos/{SITE}")["id"]
    owner.grant(SITE, "ada", "read")
    owner.react(SITE, owner.comment(SITE, owner.open_pull(SITE, "topic"), "x"), "eyes")
    installation.post(f"/repos/{SITE}/statuses/main", {"state": "success"})
    installation.post(f"/repos/{SITE}/deployments", {"ref": "main", "required_contexts": []})
    ada.fork(SITE)
    assert as_person(ada).ask("DELETE", f"/repos/{SITE}").status_code == 403
    assert as_person(owner).ask("DELETE", f"/repos/{SITE}").status_code == 204
    event = hook.wait("repository", 2)[1].payload
    openapi.check_event("repository-deleted", event)
    assert event["repository"]["id"] == number
    removed = hook.wait("installation_repositories", 2)[1].payload
    assert [one["id"] for one in removed["repositories_removed"]] == [number]
    assert installation.ask("GET", f"/repos/{SITE}").status_code == 404
    assert not (standin.data_dir / "repositories" / f"{number}.git").exists()
    assert as_person(ada).get("/repos/ada/site")["id"] != number
    pushed.push("main")
    hook.wait("repository", 3)
    assert installation.get(f"/repos/{SITE}")["id"] > number


def test_a_pull_request_outlives_its_fork(
    pushed: Any, owner: Any, ada: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """It is closed, with a head that is nowhere any more."""
    owner.grant(SITE, "ada", "read")
    ada.fork(SITE)
    sha = pushed.commit("c", "c")
    pushed.push("topic", owner="ada")
    ada.open_pull(SITE, "ada:topic")
    ada.delete("ada/site")
    event = hook.wait("pull_request", 2)[1].payload
    openapi.check_event("pull-request-closed", event)
    pull = installation.get(f"/repos/{SITE}/pulls/1")
    for head in (event["pull_request"]["head"], pull["head"]):
        assert (head["repo"], head["label"], head["user"]["id"], head["sha"]) == (None, "ada:topic", ada.id, sha)
    assert installation.ask("PATCH", f"/repos/{SITE}/pulls/1", {"state": "open"}).status_code == 422
    assert "ada:topic" in httpx.get(f"{pushed.standin.url}/{SITE}/pull/1").text


def test_only_admins_keep_a_repository(pushed: Any, owner: Any, ada: Any, as_person: Any, installation: Any) -> None:
    """Neither who may write, nor the App."""
    owner.grant(SITE, "ada", "write")
    for caller in (as_person(ada), installation):
        for method, path, body in (
            ("PATCH", f"/repos/{SITE}", {"name": "mine"}),
            ("DELETE", f"/repos/{SITE}", None),
            ("POST", f"/repos/{SITE}/transfer", {"new_owner": "ada"}),
        ):
            assert caller.ask(method, path, body).status_code == 403
