"""Forks, and pull requests out of them."""

from typing import Any

import httpx
import pytest

SITE, FORK = "me/site", "ada/site"


@pytest.fixture
def forked(person: Any, owner: Any, ada: Any) -> Any:
    """Return a person whose main is at `me/site`, which Ada can read and has forked."""
    person.commit("a", "a")
    person.push("main")
    owner.grant(SITE, "ada", "read")
    assert ada.fork(SITE) == FORK
    return person


@pytest.fixture
def topic(forked: Any) -> str:
    """Push a commit to a branch of the fork only, and return it."""
    forked.git("checkout", "--quiet", "-b", "topic")
    sha = forked.commit("b", "b\n", "More")
    forked.push("topic", owner="ada")
    return str(sha)


def test_a_fork_is_a_repository_of_its_own(forked: Any, ada: Any, as_person: Any, installation: Any, hook: Any) -> None:
    """With its own number and what its parent had; the App is not installed on it and hears nothing of it."""
    parent, fork = installation.get(f"/repos/{SITE}"), as_person(ada).get(f"/repos/{FORK}")
    assert fork["id"] != parent["id"]
    assert (fork["fork"], fork["parent"]["id"], fork["owner"]["id"]) == (True, parent["id"], ada.id)
    assert (parent["fork"], parent["owner"]["login"]) == (False, "me")
    assert [one["full_name"] for one in as_person(ada).get(f"/repos/{SITE}/forks")] == [FORK]
    branches = as_person(ada).get(f"/repos/{FORK}/branches")
    assert [one["name"] for one in branches] == ["main"]
    assert installation.ask("GET", f"/repos/{FORK}").status_code == 404
    assert [one["full_name"] for one in installation.get("/installation/repositories")["repositories"]] == [SITE]
    forked.commit("c", "c")
    forked.push("main", owner="ada")
    forked.push("main:other")
    assert [received.payload["repository"]["full_name"] for received in hook.wait("push", 2)] == [SITE, SITE]
    assert as_person(ada).ask("POST", f"/repos/{SITE}/forks", {}).json()["id"] == fork["id"]


def test_only_who_can_read_can_fork(forked: Any, as_person: Any, ada: Any, owner: Any, installation: Any) -> None:
    """A private repository is not there for others, an App forks nothing, and no name is used twice."""
    forked.push("main", name="secret")
    assert as_person(ada).ask("POST", "/repos/me/secret/forks", {}).status_code == 404
    assert installation.ask("POST", f"/repos/{SITE}/forks", {}).status_code == 403
    owner.grant("me/secret", "ada", "read")
    assert as_person(ada).ask("POST", "/repos/me/secret/forks", {"name": "site"}).status_code == 403
    assert as_person(ada).ask("POST", "/repos/me/secret/forks", {"name": "a b"}).status_code == 422
    assert as_person(owner).ask("POST", f"/repos/{SITE}/forks", {}).status_code == 403
    assert ada.fork("me/secret", "mine") == "ada/mine"


def test_a_pull_request_comes_from_a_fork(
    forked: Any, topic: str, ada: Any, as_person: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """The base has the head's commits, and the App may report on them there."""
    body = {"title": "More", "head": "ada:topic", "base": "main"}
    made = as_person(ada).post(f"/repos/{SITE}/pulls", body)
    event = hook.wait("pull_request")[0].payload
    openapi.check_event("pull-request-opened", event)
    for pull in (made, event["pull_request"], installation.get(f"/repos/{SITE}/pulls/1")):
        head, base = pull["head"], pull["base"]
        assert (head["label"], head["sha"], head["user"]["id"]) == ("ada:topic", topic, ada.id)
        assert (head["repo"]["full_name"], head["repo"]["fork"]) == (FORK, True)
        assert (base["repo"]["full_name"], base["label"]) == (SITE, "me:main")
        assert head["repo"]["id"] != base["repo"]["id"]
        assert pull["user"]["id"] == ada.id
    assert (event["sender"]["login"], event["repository"]["full_name"]) == ("ada", SITE)
    assert [one["number"] for one in installation.get(f"/repos/{SITE}/pulls", head="ada:topic")] == [1]
    assert installation.get(f"/repos/{SITE}/pulls", head="me:topic") == []
    for what in (topic, "refs/pull/1/head"):
        forked.git("init", "--quiet", "fetched")
        forked.git("-C", "fetched", "fetch", "--quiet", "--depth=1", forked.remote(installation.token), what)
        assert forked.git("-C", "fetched", "rev-parse", "FETCH_HEAD") == topic
    status = installation.post(f"/repos/{SITE}/statuses/{topic}", {"state": "pending", "context": "battleshiper/site"})
    assert status["state"] == "pending"
    deployment = {"ref": topic, "required_contexts": [], "auto_merge": False, "environment": "preview"}
    assert installation.post(f"/repos/{SITE}/deployments", deployment)["sha"] == topic
    assert as_person(ada).ask("POST", f"/repos/{SITE}/pulls", body).status_code == 422


def test_a_push_to_the_fork_synchronizes(forked: Any, topic: str, ada: Any, hook: Any, openapi: Any) -> None:
    """Its own push is not told of; deleting the branch closes the pull request."""
    ada.open_pull(SITE, "ada:topic")
    second = forked.commit("c", "c")
    forked.git("push", "--quiet", ada.git_url(FORK), "topic")
    forked.push("--delete", "topic", owner="ada")
    events = [received.payload for received in hook.wait("pull_request", 3)]
    assert [event["action"] for event in events] == ["opened", "synchronize", "closed"]
    openapi.check_event("pull-request-synchronize", events[1])
    assert (events[1]["before"], events[1]["after"], events[1]["sender"]["login"]) == (topic, second, "ada")
    assert events[1]["pull_request"]["head"]["sha"] == second
    assert events[2]["pull_request"]["head"]["repo"]["full_name"] == FORK
    assert [received.payload["repository"]["full_name"] for received in hook.of("push")] == [SITE]


def test_a_pull_request_from_a_fork_is_merged(forked: Any, topic: str, ada: Any, owner: Any, hook: Any) -> None:
    """By somebody who may, into the base alone."""
    number = ada.open_pull(SITE, "ada:topic", title="More")
    with pytest.raises(Exception, match="403"):
        ada.merge(SITE, number)
    sha = owner.merge(SITE, number)
    push, closed = hook.wait("push", 2)[1].payload, hook.wait("pull_request", 2)[1].payload
    assert (push["after"], push["head_commit"]["message"]) == (sha, "Merge pull request #1 from ada/topic\n\nMore")
    assert (closed["action"], closed["pull_request"]["merged"]) == ("closed", True)
    assert closed["pull_request"]["merge_commit_sha"] == sha
    with pytest.raises(Exception, match="405"):
        owner.merge(SITE, number)


def test_same_names_in_two_accounts_are_two_branches(forked: Any, topic: str, ada: Any, owner: Any, hook: Any) -> None:
    """A branch of the base that is called like the fork's leaves the fork's pull request alone."""
    number = ada.open_pull(SITE, "ada:topic")
    forked.git("checkout", "--quiet", "main")
    forked.commit("z", "z")
    forked.push("main:topic")
    mine = owner.open_pull(SITE, "me:topic")
    forked.push("--delete", "topic")
    actions = [(event.payload["number"], event.payload["action"]) for event in hook.wait("pull_request", 3)]
    assert actions == [(number, "opened"), (mine, "opened"), (mine, "closed")]


def test_nobody_opens_what_there_is_not(forked: Any, ada: Any, as_person: Any) -> None:
    """No such account, no such fork, no such branch."""
    for head in ("bob:main", "ada:none", "ada:", "bob:"):
        body = {"title": "T", "head": head, "base": "main"}
        assert as_person(ada).ask("POST", f"/repos/{SITE}/pulls", body).status_code == 422, head


def test_a_person_pushes_with_a_token_where_it_may(forked: Any, ada: Any, owner: Any, hook: Any) -> None:
    """To read is not to write; whoever pushed is named."""
    sha = forked.commit("d", "d")
    push = ("-c", f"http.extraHeader={ada.git_header}", "push", ada.git_url(SITE), "main")
    refused = forked.git(*push, check=False)
    assert "403" in refused
    owner.grant(SITE, "ada", "write")
    forked.git(*push)
    event = hook.wait("push", 2)[1].payload
    assert (event["after"], event["sender"]["id"], event["pusher"]["name"]) == (sha, ada.id, "ada")


def test_accounts_are_made_on_the_machine_itself(standin: Any) -> None:
    """With a name that GitHub would give, and never for the owner, whose token is at home."""
    url = f"{standin.url}/_standin/accounts"
    made = httpx.post(url, json={"login": "acme", "type": "Organization"}).json()
    assert (made["login"], made["type"]) == ("acme", "Organization")
    for body in ({"login": "me"}, {"login": "-x"}, {"login": 1}, {}, [], {"login": "x", "type": "Bot"}):
        assert httpx.post(url, json=body).status_code == 422
    assert httpx.post(url, content="{").status_code == 422
    assert httpx.post(url, json={"login": "x"}, headers={"origin": "http://evil.example"}).status_code == 403
