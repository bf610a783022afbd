"""Pull requests and their comments over the API, and the events they raise."""

from typing import Any

import pytest

PULLS = "/repos/me/site/pulls"


@pytest.fixture
def topic(person: Any) -> str:
    """Push main and a branch that is one commit ahead; return that commit."""
    person.commit("a", "a")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "topic")
    sha = person.commit("b", "b\n", "More")
    person.push("topic")
    return str(sha)


def open_pull(installation: Any, **more: object) -> Any:
    """Open a pull request from topic into main."""
    return installation.post(PULLS, {"title": "More", "head": "topic", "base": "main", **more})


def test_a_pull_request_is_opened_and_found(installation: Any, topic: str, hook: Any, openapi: Any) -> None:
    """By number, branch and commit; and the App is told."""
    made = open_pull(installation, body="Why")
    assert (made["number"], made["state"], made["mergeable"], made["merged"]) == (1, "open", True, False)
    assert (made["commits"], made["additions"], made["changed_files"]) == (1, 1, 1)
    assert made["head"]["sha"] == topic
    assert installation.get(f"{PULLS}/1") == made
    assert [one["number"] for one in installation.get(PULLS, head="me:topic", base="main")] == [1]
    assert installation.get(PULLS, head="me:main") == []
    assert installation.get(PULLS, state="closed") == []
    assert [one["number"] for one in installation.get(f"/repos/me/site/commits/{topic}/pulls")] == [1]
    assert installation.get("/repos/me/site/commits/main/pulls") == []
    event = hook.wait("pull_request")[0].payload
    openapi.check_event("pull-request-opened", event)
    assert (event["action"], event["number"], event["pull_request"]["head"]["ref"]) == ("opened", 1, "topic")


BAD_PULLS = [
    {"title": "T", "head": "none", "base": "main"},
    {"title": "T", "head": "topic", "base": "none"},
    {"title": "T", "head": "main", "base": "topic"},
    {"head": "topic", "base": "main"},
    {"title": "T", "base": "main"},
    {"title": "T" * 257, "head": "topic", "base": "main"},
]


def test_bad_pull_requests_are_refused(installation: Any, topic: str) -> None:
    """Without a branch, without a title, or without anything to merge there is none."""
    for body in BAD_PULLS:
        assert installation.ask("POST", PULLS, body).status_code == 422, body
    assert installation.get(PULLS, state="all") == []


def test_there_is_one_open_pull_request_for_two_branches(installation: Any, topic: str) -> None:
    """A second one is refused until the first is closed."""
    open_pull(installation)
    again = installation.ask("POST", PULLS, {"title": "Again", "head": "me:topic", "base": "main"})
    assert again.status_code == 422
    assert "already exists" in again.json()["errors"][0]["message"]


def test_a_pull_request_follows_its_branch(installation: Any, topic: str, person: Any, hook: Any, openapi: Any) -> None:
    """A push to the head synchronizes it, force pushes too; deleting the branch closes it."""
    open_pull(installation)
    second = person.commit("c", "c")
    person.push("topic")
    person.push("+HEAD~1:topic")
    person.push("--delete", "topic")
    events = [received.payload for received in hook.wait("pull_request", 4)]
    assert [event["action"] for event in events] == ["opened", "synchronize", "synchronize", "closed"]
    openapi.check_event("pull-request-synchronize", events[1])
    openapi.check_event("pull-request-closed", events[3])
    assert [(event["before"], event["after"]) for event in events[1:3]] == [(topic, second), (second, topic)]
    assert events[3]["pull_request"]["merged"] is False
    order = [received.event for received in hook.received if received.event in ("push", "pull_request")]
    assert order == [
        "push",
        "push",
        "pull_request",
        "push",
        "pull_request",
        "push",
        "pull_request",
        "push",
        "pull_request",
    ]


def test_a_merge_by_push_merges_the_pull_request(installation: Any, topic: str, person: Any, hook: Any) -> None:
    """When the base gets the head's commits, the pull request is merged, as at GitHub."""
    open_pull(installation)
    person.push("topic:main")
    closed = hook.wait("pull_request", 2)[1].payload
    assert (closed["action"], closed["pull_request"]["merged"]) == ("closed", True)
    pull = installation.get(f"{PULLS}/1")
    assert (pull["merged"], pull["merge_commit_sha"], pull["commits"]) == (True, topic, 1)
    assert installation.ask("PATCH", f"{PULLS}/1", {"state": "open"}).status_code == 422


def test_a_pull_request_is_changed_closed_and_reopened(installation: Any, topic: str, hook: Any, openapi: Any) -> None:
    """Each change is told of once, and none that changes nothing."""
    open_pull(installation)
    for body in ({"title": "Better"}, {"title": "Better"}, {"state": "closed"}, {"state": "closed"}, {"state": "open"}):
        assert installation.ask("PATCH", f"{PULLS}/1", body).status_code == 200
    events = [received.payload for received in hook.wait("pull_request", 4)]
    assert [event["action"] for event in events] == ["opened", "edited", "closed", "reopened"]
    openapi.check_event("pull-request-edited", events[1])
    openapi.check_event("pull-request-reopened", events[3])
    assert installation.ask("PATCH", f"{PULLS}/1", {"state": "ajar"}).status_code == 422
    assert installation.ask("GET", f"{PULLS}/2").status_code == 404
    assert installation.ask("GET", f"{PULLS}/{2**70}").status_code == 404


def test_a_draft_becomes_ready_and_a_draft_again(owner: Any, topic: str, hook: Any, openapi: Any) -> None:
    """Each change is told of once."""
    number = owner.open_pull("me/site", "topic", draft=True)
    for draft in (True, False, False, True):
        owner.set_draft("me/site", number, draft=draft)
    events = [received.payload for received in hook.wait("pull_request", 3)]
    assert [event["action"] for event in events] == ["opened", "ready_for_review", "converted_to_draft"]
    openapi.check_event("pull-request-ready-for-review", events[1])
    openapi.check_event("pull-request-converted-to-draft", events[2])
    assert [event["pull_request"]["draft"] for event in events] == [True, False, True]


def test_conflicts_are_told(installation: Any, topic: str, person: Any) -> None:
    """A pull request that changes what the base changed otherwise cannot be merged."""
    person.git("checkout", "--quiet", "main")
    person.commit("b", "other\n")
    person.push("main")
    open_pull(installation)
    assert installation.get(f"{PULLS}/1")["mergeable"] is False


def test_comments_are_written_and_changed_in_place(
    installation: Any, topic: str, hook: Any, openapi: Any, standin: Any
) -> None:
    """Created, listed oldest first, edited and deleted, each with its event and its author."""
    open_pull(installation)
    path = "/repos/me/site/issues/1/comments"
    made = installation.post(path, {"body": "<!-- mark -->\n**Building**"})
    assert made["user"]["login"] == "battleshiper[bot]"
    said = installation.ask("POST", path, {"body": "/redeploy"}, token=standin.personal_token).json()
    assert (said["user"]["login"], said["author_association"]) == ("me", "OWNER")
    one = f"/repos/me/site/issues/comments/{made['id']}"
    assert installation.ask("PATCH", one, {"body": "<!-- mark -->\nReady"}).json()["body"] == "<!-- mark -->\nReady"
    assert [comment["id"] for comment in installation.get(path)] == [made["id"], said["id"]]
    assert installation.get(one)["body"].endswith("Ready")
    assert installation.ask("DELETE", one).status_code == 204
    assert installation.ask("GET", one).status_code == 404
    events = [received.payload for received in hook.wait("issue_comment", 4)]
    assert [event["action"] for event in events] == ["created", "created", "edited", "deleted"]
    assert [event["sender"]["type"] for event in events] == ["Bot", "User", "Bot", "Bot"]
    for name, event in zip(("created", "created", "edited", "deleted"), events, strict=True):
        openapi.check_event(f"issue-comment-{name}", event)
    assert installation.get(f"{PULLS}/1")["comments"] == 1


def test_comments_need_a_text_and_a_pull_request(installation: Any, topic: str, make_installation: Any) -> None:
    """And one of two permissions."""
    open_pull(installation)
    path = "/repos/me/site/issues/1/comments"
    assert installation.ask("POST", path, {}).status_code == 422
    assert installation.ask("POST", path, {"body": "x" * 65537}).status_code == 422
    assert installation.ask("POST", "/repos/me/site/issues/2/comments", {"body": "x"}).status_code == 404
    for permission, status in (("pull_requests", 201), ("issues", 201), ("statuses", 403)):
        token = make_installation(permissions={permission: "write"})
        assert token.ask("POST", path, {"body": "x"}).status_code == status
    reader = make_installation(permissions={"issues": "read"})
    assert reader.ask("GET", path).status_code == 200
    assert reader.ask("POST", path, {"body": "x"}).status_code == 403
